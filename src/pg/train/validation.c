/*
 * validation.c
 *	  Which rows of a training are for validation: the last ones, a share of all,
 *	  or those that the query chose.
 *
 * A share by classes is chosen as rows come: those of each class are counted off
 * in blocks of 1 / share rows, one of which, drawn by the seed, is chosen.  So
 * each class has its share to within a row, wherever it stands.
 *
 * The last rows are known at the end only, and stay in the dataset of all.  What
 * was chosen goes into a dataset of its own as it comes, so that those for training
 * are learned from as if the others were not there.
 */
#include "pg/data/data.h"
#include "pg/train/train.h"

#include <math.h>

#include "utils/memutils.h"

#define MOST_ROWS 1e18
#define DRAW_STRATA 0x73747261 /* of the seed, which draws other things as well */

/* The rows of a class, in blocks. */
typedef struct Stratum
{
	uint64 rows; /* that came */
	uint64 blocks;
	uint64 end; /* of the block under way */
	uint64 chosen;
} Stratum;

struct NnetStrata
{
	char *model;
	double share;
	uint64 seed;
	int output; /* of whose classes */
	NNObjective objective;
	Stratum *of; /* by class, provisional or not */
};

static void
refuse_none(const NnetFitOptions *options, uint64 n, const char *model)
{
	if (options->validation_split > 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("validation_split of %g leaves none of " UINT64_FORMAT
						" rows to train model \"%s\" on",
						options->validation_split, n, model),
				 errhint("Give a smaller validation_split, or more rows.")));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 n == 1
				 ? errmsg("the only row is for validation: there is none to train model \"%s\" on",
						  model)
				 : errmsg("all " UINT64_FORMAT
						  " rows are for validation: there is none to train model \"%s\" on",
						  n, model),
			 errhint("The last argument of nnet.fit() is true for a row of validation.")));
}

NnetSplit
nnet_split(const NnetFitOptions *options, NnetDataset *dataset, NnetDataset *chosen,
		   const char *model)
{
	uint64 n = nnet_dataset_count(dataset);
	NnetSplit split = {
		.training = dataset,
		.n_training = n,
		.validation = dataset,
		.from = n,
		.to = n,
	};

	nnet_dataset_seal(dataset);
	if (chosen != NULL)
	{
		nnet_dataset_seal(chosen);
		split.validation = chosen;
		split.from = 0;
		split.to = nnet_dataset_count(chosen);
	}
	if (chosen != NULL && options->stratify && split.to == 0)
		ereport(NOTICE,
				(errmsg("model \"%s\": validation_split of %g chooses none of " UINT64_FORMAT
						" rows by stratify",
						model, options->validation_split, n),
				 errhint("A class gives one row of %g.", ceil(1 / options->validation_split))));
	if (chosen == NULL)
		split.from = split.n_training =
			(uint64) floor((double) n * (1 - options->validation_split));
	if (split.n_training == 0)
		refuse_none(options, n + (chosen != NULL ? split.to : 0), model);
	return split;
}

/* ---- a share by classes ---- */

/* The only output that says of one class what a row is. */
static int
output_of_classes(const NnetModel *model)
{
	bool several = false;
	int output = -1;

	for (int o = 0; o < model->objectives.n; o++)
	{
		const NNObjective *objective = &model->objectives.of[o];

		if (objective->target == NN_TARGET_NONE || nn_objective_classes(objective) == 0)
			continue;
		several |= output >= 0 || nn_objective_labels(objective) == 0;
		output = o;
	}
	if (output >= 0 && !several)
		return output;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 several
				 ? errmsg("option \"stratify\" needs one class a row, but y for model \"%s\" has "
						  "several",
						  model->name)
				 : errmsg("option \"stratify\" needs a class, but y for model \"%s\" is none",
						  model->name),
			 errhint("Leave it out, or choose rows by the last argument of nnet.fit(), such as "
					 "id %% 5 = 0.")));
}

NnetStrata *
nnet_strata_make(const NnetFitOptions *options, const NnetModel *model, MemoryContext context)
{
	NnetStrata *strata = MemoryContextAllocZero(context, sizeof(NnetStrata));
	int classes;

	strata->output = output_of_classes(model);
	strata->objective = model->objectives.of[strata->output];
	classes = nn_objective_classes(&strata->objective);
	strata->model = MemoryContextStrdup(context, model->name);
	strata->share = options->validation_split;
	strata->seed = (uint64) options->seed;
	/* one more, for rows of the class that is ignored */
	strata->of = MemoryContextAllocExtended(context, sizeof(Stratum) * ((Size) classes + 1),
											MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	return strata;
}

/* The next block of a class, of one row at least; that its share is whole does not hang on rounding. */
static void
begin_block(const NnetStrata *strata, Stratum *stratum, int class)
{
	uint64 first = stratum->end;
	double rows = ceil((double) (stratum->blocks + 1) / strata->share * (1 - 1e-12));
	uint64 end = (uint64) Min(rows, MOST_ROWS);
	uint64 spared = stratum->blocks == 0; /* the first row */
	uint64 draw = nn_mix(strata->seed, DRAW_STRATA, (uint64) class, stratum->blocks);

	stratum->end = Max(end, first + 1);
	stratum->chosen = stratum->end - first > spared
		? first + spared + draw % (stratum->end - first - spared)
		: stratum->end;
	stratum->blocks++;
}

bool
nnet_strata_choose(NnetStrata *strata, const NNRecordFormat *format, const void *record)
{
	Stratum *stratum;
	NNRecordHead head;
	int class;
	int ignored;

	nn_record_get_head(format, record, &head);
	class = nn_target_class(
		&strata->objective,
		(const char *) record + nn_record_target_at(format, &head, strata->output), 0);
	if (class < 0 && nn_objective_ignores(&strata->objective, &ignored))
		class = nn_objective_classes(&strata->objective);
	if (class < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"stratify\" is given, but y for model \"%s\" is not of one class",
						strata->model),
				 errdetail("Of its values one alone must be above 0.5."),
				 errhint("Leave it out, or choose rows by the last argument of nnet.fit(), such as "
						 "id %% 5 = 0.")));
	stratum = &strata->of[class];
	if (stratum->rows == stratum->end)
		begin_block(strata, stratum, class);
	return stratum->rows++ == stratum->chosen;
}
