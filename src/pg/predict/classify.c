/*
 * classify.c
 *	  nnet.classify(model, x): the label of the most likely class, or its
 *	  number where the model has learned no labels.  A single output is taken
 *	  as the probability of the second of two classes, if it can be one.
 */
#include "pg/predict/predict.h"

#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(nnet_classify);

/* The class, 0 or 1, that a single output speaks for. */
static int
side_of(const NnetModel *model, float p)
{
	double threshold;

	const NNObjective *objective = model->training.compiled ? &model->objective : NULL;

	if (!nn_model_decides(model->core, objective, &threshold) && model->training.n_labels == 0)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("model \"%s\" does not classify rows: its output is a number, "
						"not the probability of a class",
						model->name),
				 errhint("Use nnet.predict(), or end the model with the activation sigmoid.")));
	return p > threshold;
}

Datum
nnet_classify(PG_FUNCTION_ARGS)
{
	NnetModel *model;
	ArrayType *outputs = nnet_predict_call(fcinfo, "nnet.classify", &model);
	const float *p = (const float *) ARR_DATA_PTR(outputs);
	int n = ARR_DIMS(outputs)[0];
	int class;

	if (ARR_NDIM(outputs) != 1)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("model \"%s\" does not classify rows: its output has %d dimensions",
						model->name, ARR_NDIM(outputs)),
				 errhint("Use nnet.predict().")));
	class = n == 1 ? side_of(model, p[0]) : nn_argmax(p, n);
	pfree(outputs);
	if (class < model->training.n_labels)
		PG_RETURN_TEXT_P(cstring_to_text(model->training.labels[class]));
	PG_RETURN_TEXT_P(cstring_to_text(psprintf("%d", class)));
}
