/*
 * held_back.c
 *	  Which classes come only in rows for validation, so that nothing of them can
 *	  be learned.
 *
 * Where the last rows are held back, how many is known at the end: so the first
 * row of each class is kept.  Rows that were chosen for validation are not
 * numbered among the others.
 */
#include "pg/data/data.h"

#include "lib/stringinfo.h"
#include "utils/memutils.h"

#define NO_ROW PG_UINT64_MAX
#define VALIDATION (NO_ROW - 1) /* only rows that were chosen for it */
#define LISTED 10				/* classes named in a message */

struct NnetHeldBack
{
	int classes;
	uint64 rows;
	bool validation; /* the row at hand is for that */
	bool chosen;	 /* some were */
	uint64 first[];	 /* of each class: its first row, or VALIDATION */
};

NnetHeldBack *
nnet_held_back_make(int classes, MemoryContext context)
{
	NnetHeldBack *held =
		MemoryContextAllocHuge(context, sizeof(NnetHeldBack) + sizeof(uint64) * classes);

	*held = (NnetHeldBack){.classes = classes};
	for (int i = 0; i < classes; i++)
		held->first[i] = NO_ROW;
	return held;
}

void
nnet_held_back_set_validation(NnetHeldBack *held, bool validation)
{
	if (held == NULL)
		return;
	held->validation = validation;
	held->chosen |= validation;
}

void
nnet_held_back_note(NnetHeldBack *held, int class)
{
	/* what the loss ignores may be none of them */
	if (held != NULL && class >= 0 && class < held->classes && held->first[class] >= VALIDATION)
		held->first[class] = held->validation ? VALIDATION : held->rows;
}

void
nnet_held_back_end_row(NnetHeldBack *held)
{
	if (held != NULL)
		held->rows += !held->validation;
}

void
nnet_held_back_tell(const NnetHeldBack *held, uint64 n_training, const NnetLabels *labels,
					bool stratifies, const char *model)
{
	bool named = labels != NULL && nnet_labels_count(labels) > 0;
	StringInfoData list;
	int n = 0;

	if (held == NULL || n_training == 0)
		return;
	initStringInfo(&list);
	for (int i = 0; i < held->classes; i++)
	{
		if (held->first[i] == NO_ROW || held->first[i] < n_training)
			continue;
		if (n > 0 && n < LISTED)
			appendStringInfoString(&list, ", ");
		if (n == LISTED)
			appendStringInfoString(&list, ", ...");
		else if (n < LISTED && named)
			appendStringInfo(&list, "\"%s\"", nnet_labels_name(labels, i));
		else if (n < LISTED)
			appendStringInfo(&list, "%d", i);
		n++;
	}
	if (n > 0)
		ereport(
			NOTICE,
			(errmsg_plural("model \"%s\": the class %s occurs only in rows held back for "
						   "validation",
						   "model \"%s\": the classes %s occur only in rows held back for "
						   "validation",
						   n, model, list.data),
			 held->chosen
				 ? errhint("Nothing of it can be learned: leave rows of each class to train on.")
				 : errhint("Nothing of it can be learned. The last rows are held back: mix them "
						   "by an ORDER BY in nnet.fit()%s.",
						   stratifies ? ", or give stratify => true" : "")));
	pfree(list.data);
}
