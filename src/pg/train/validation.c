/*
 * validation.c
 *	  Which rows of a training are for validation: the last ones, a share of all,
 *	  or those that the query chose.
 *
 * The last rows are known at the end only, and stay in the dataset of all.  What
 * was chosen goes into a dataset of its own as it comes, so that those for training
 * are learned from as if the others were not there.
 */
#include "pg/data/data.h"
#include "pg/train/train.h"

#include <math.h>

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
	else
		split.from = split.n_training =
			(uint64) floor((double) n * (1 - options->validation_split));
	if (split.n_training == 0)
		refuse_none(options, n + (chosen != NULL ? split.to : 0), model);
	return split;
}
