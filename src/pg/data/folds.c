/*
 * folds.c
 *	  Which rows are in which fold of a cross-validation.
 *
 * Each row is noted by four bytes as it comes: what it goes by.  At the end that
 * becomes its fold, and all rows are put into an order by folds, in which a
 * training without one of them passes over a gap.
 *
 * As scikit-learn's StratifiedKFold, shuffled: rows are numbered class after
 * class, and go to the folds in turn, but within a class which row goes where is
 * random.  So a class has as many rows in each fold, and a fold as many rows, to
 * within one.  Groups go one after the other, the largest first, to the fold that has
 * the fewest rows, as GroupKFold does it.
 */
#include "pg/data/folds.h"
#include "pg/data/order.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#define NO_FOLD PG_UINT32_MAX
#define DRAW_FOLDS 0x666f6c64 /* of the seed, which draws other things as well */

struct NnetFolds
{
	NnetFoldsBy by;
	int k;
	uint64 seed;
	MemoryContext context;
	uint32 n;
	uint32 room;
	uint32 *of;			/* of each row: what it goes by, later its fold */
	uint32 most;		/* classes or groups there are */
	NnetTokens *groups; /* or the numbers of folds that are given, as texts */
	uint32 *order;		/* of all rows, fold after fold; those of none last */
	uint64 *begin;		/* of each fold in it, and of those of none */
};

NnetFolds *
nnet_folds_make(NnetFoldsBy by, int k, uint64 seed, MemoryContext context)
{
	NnetFolds *folds = MemoryContextAllocZero(context, sizeof(NnetFolds));

	folds->by = by;
	folds->k = k;
	folds->seed = seed;
	folds->context = context;
	folds->groups = nnet_tokens_make(context);
	return folds;
}

/* ---- rows ---- */

static void
add(NnetFolds *folds, uint32 number)
{
	if (folds->n == folds->room)
	{
		if (folds->n > PG_INT32_MAX)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("more rows than folds can be made of")));
		folds->room = Max(1024, 2 * folds->room);
		folds->of = folds->of == NULL
			? MemoryContextAllocHuge(folds->context, sizeof(uint32) * folds->room)
			: repalloc_huge(folds->of, sizeof(uint32) * (Size) folds->room);
	}
	folds->of[folds->n++] = number;
	if (number != NO_FOLD)
		folds->most = Max(folds->most, number + 1);
}

void
nnet_folds_add_class(NnetFolds *folds, int class)
{
	add(folds, folds->by == NNET_FOLDS_CLASSES ? (uint32) class : 0);
}

static uint32
number_of(NnetFolds *folds, const char *text)
{
	return (uint32) nnet_tokens_add(folds->groups, text, strlen(text));
}

void
nnet_folds_add_group(NnetFolds *folds, const char *group)
{
	add(folds, number_of(folds, group));
}

void
nnet_folds_add_given(NnetFolds *folds, const int64 *fold)
{
	char text[32];

	if (fold == NULL)
	{
		add(folds, NO_FOLD);
		return;
	}
	snprintf(text, sizeof(text), INT64_FORMAT, *fold);
	add(folds, number_of(folds, text));
	if (folds->most > NNET_MOST_FOLDS)
		ereport(
			ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("the rows have more than %d folds", NNET_MOST_FOLDS),
			 errhint("The column fold gives each row the number of its fold, such as id %% 5.")));
}

size_t
nnet_folds_bytes(const NnetFolds *folds)
{
	/* the order as well, which comes */
	return 2 * sizeof(uint32) * (Size) folds->room;
}

/* ---- from what they go by to folds ---- */

/* Rows by a number below most, those of a number in the order they came: begin has most + 1. */
static uint32 *
sort_rows(const NnetFolds *folds, uint32 most, uint64 *begin)
{
	uint32 *order = MemoryContextAllocHuge(folds->context, sizeof(uint32) * Max(folds->n, 1));
	uint64 *at = MemoryContextAllocExtended(folds->context, sizeof(uint64) * (most + 2),
											MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);

	/* those of no fold count as the number after the last */
	for (uint32 i = 0; i < folds->n; i++)
		at[Min(folds->of[i], most) + 1]++;
	for (uint32 i = 0; i <= most; i++)
		at[i + 1] += at[i];
	memcpy(begin, at, sizeof(uint64) * (most + 1));
	for (uint32 i = 0; i < folds->n; i++)
		order[at[Min(folds->of[i], most)]++] = i;
	pfree(at);
	return order;
}

static void
share_classes(NnetFolds *folds)
{
	uint64 *begin =
		MemoryContextAllocHuge(folds->context, sizeof(uint64) * ((Size) folds->most + 1));
	uint32 *order = sort_rows(folds, folds->most, begin);

	for (uint32 c = 0; c < folds->most; c++)
	{
		uint64 n = begin[c + 1] - begin[c];
		NnetShuffle shuffle;

		nnet_check_interrupts();
		if (n == 0)
			continue;
		nnet_shuffle_init(&shuffle, n, nn_mix(folds->seed, DRAW_FOLDS, c, 0));
		for (uint64 i = 0; i < n; i++)
			folds->of[order[begin[c] + i]] =
				(uint32) ((begin[c] + nnet_shuffle_at(&shuffle, i)) % (uint64) folds->k);
	}
	pfree(order);
	pfree(begin);
}

typedef struct RowGroup
{
	uint32 number;
	uint32 rows;
	uint64 draw; /* among those of one size */
} RowGroup;

static int
compare_groups(const void *a, const void *b)
{
	const RowGroup *x = a;
	const RowGroup *y = b;

	if (x->rows != y->rows)
		return x->rows < y->rows ? 1 : -1;
	return (x->draw > y->draw) - (x->draw < y->draw);
}

static int
smallest_fold(const uint64 *rows, int k)
{
	int smallest = 0;

	for (int i = 1; i < k; i++)
		if (rows[i] < rows[smallest])
			smallest = i;
	return smallest;
}

static void
share_groups(NnetFolds *folds)
{
	Size n = folds->most;
	RowGroup *groups = MemoryContextAllocHuge(folds->context, sizeof(RowGroup) * n);
	uint32 *fold = MemoryContextAllocHuge(folds->context, sizeof(uint32) * n);
	uint64 *rows = MemoryContextAllocZero(folds->context, sizeof(uint64) * folds->k);

	for (uint32 g = 0; g < n; g++)
		groups[g] = (RowGroup){g, 0, nn_mix(folds->seed, DRAW_FOLDS, g, 0)};
	for (uint32 i = 0; i < folds->n; i++)
		groups[folds->of[i]].rows++;
	qsort(groups, n, sizeof(RowGroup), compare_groups);
	for (uint32 g = 0; g < n; g++)
	{
		int smallest = smallest_fold(rows, folds->k);

		fold[groups[g].number] = (uint32) smallest;
		rows[smallest] += groups[g].rows;
	}
	for (uint32 i = 0; i < folds->n; i++)
		folds->of[i] = fold[folds->of[i]];
	pfree(rows);
	pfree(fold);
	pfree(groups);
}

static int
compare_given(const void *a, const void *b, void *groups)
{
	int64 x = strtoll(nnet_tokens_get(groups, *(const int *) a), NULL, 10);
	int64 y = strtoll(nnet_tokens_get(groups, *(const int *) b), NULL, 10);

	return (x > y) - (x < y);
}

/* Folds in the order of the numbers that are given. */
static void
share_given(NnetFolds *folds)
{
	int n = (int) folds->most;
	int *sorted = MemoryContextAlloc(folds->context, sizeof(int) * Max(n, 1));
	uint32 *place = MemoryContextAlloc(folds->context, sizeof(uint32) * Max(n, 1));

	for (int i = 0; i < n; i++)
		sorted[i] = i;
	qsort_arg(sorted, n, sizeof(int), compare_given, folds->groups);
	for (int i = 0; i < n; i++)
		place[sorted[i]] = (uint32) i;
	for (uint32 i = 0; i < folds->n; i++)
		if (folds->of[i] != NO_FOLD)
			folds->of[i] = place[folds->of[i]];
	folds->k = n;
	pfree(place);
	pfree(sorted);
}

static void
check(const NnetFolds *folds)
{
	if (folds->by == NNET_FOLDS_GIVEN && folds->most < 2)
		ereport(
			ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 folds->most == 1 ? errmsg("all rows are of one fold") : errmsg("no row has a fold"),
			 errhint("The column fold gives each row the number of its fold, such as id %% 5.")));
	if (folds->by == NNET_FOLDS_GROUPS && folds->most < (uint32) folds->k)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there are %u groups of rows for %d folds", folds->most, folds->k),
				 errhint("Ask for fewer folds.")));
	if (folds->by != NNET_FOLDS_GIVEN && folds->n < (uint32) folds->k)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg_plural("there is %u row for %d folds", "there are %u rows for %d folds",
							   folds->n, folds->n, folds->k),
				 errhint("Ask for fewer folds, or look at FROM and WHERE of the rows' query.")));
}

void
nnet_folds_end(NnetFolds *folds)
{
	check(folds);
	if (folds->by == NNET_FOLDS_GROUPS)
		share_groups(folds);
	else if (folds->by == NNET_FOLDS_GIVEN)
		share_given(folds);
	else
		share_classes(folds);
	folds->begin = MemoryContextAlloc(folds->context, sizeof(uint64) * (folds->k + 1));
	folds->order = sort_rows(folds, (uint32) folds->k, folds->begin);
}

/* ---- what comes of it ---- */

int
nnet_folds_count(const NnetFolds *folds)
{
	return folds->k;
}

NnetRows
nnet_folds_without(const NnetFolds *folds, int fold, uint64 *n)
{
	uint64 from = folds->begin[fold];
	uint64 to = folds->begin[fold + 1];

	*n = folds->n - (to - from);
	return (NnetRows){.order = folds->order, .gap_from = from, .gap_to = to};
}

NnetRows
nnet_folds_without_in_order(const NnetFolds *folds, int fold, MemoryContext context, uint64 *n)
{
	uint32 *order;
	uint64 at = 0;

	(void) nnet_folds_without(folds, fold, n);
	order = MemoryContextAllocHuge(context, sizeof(uint32) * *n);
	for (uint32 i = 0; i < folds->n; i++)
		if (folds->of[i] != (uint32) fold)
			order[at++] = i;
	return (NnetRows){.order = order, .gap_from = *n, .gap_to = *n};
}

NnetRows
nnet_folds_of(const NnetFolds *folds, int fold, uint64 *from, uint64 *to)
{
	*from = folds->begin[fold];
	*to = folds->begin[fold + 1];
	return (NnetRows){.order = folds->order, .gap_from = folds->n, .gap_to = folds->n};
}
