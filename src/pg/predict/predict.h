/*
 * predict.h
 *	  What predict and classify share: one row through a model.
 */
#ifndef NNET_PREDICT_H
#define NNET_PREDICT_H

#include "pg/nnet.h"

/* ---- in predict.c ---- */

/*
 * Run arguments (model regclass, x "any") of the call of a function, whose name is for messages.  Returns the outputs as
 * an array; *model is the model they came from, valid until the cache is asked
 * again.  A batched scan (scan.h) gives the call's number as a third one.
 */
extern ArrayType *
nnet_predict_call(FunctionCallInfo fcinfo, const char *function, NnetModel **model);
/* Refuse outputs of one row that are not finite. */
extern void nnet_check_outputs(const float *y, size_t n, const char *model);
/* count values x through a model. */
extern ArrayType *nnet_predict_row(NnetCached *cached, const float *x, size_t count);
/* An array of that shape at those steps, to be filled. */
extern ArrayType *nnet_output_array(const NNShape *shape);

/* ---- in classify.c ---- */

/* The class that outputs of that shape speak for; an error if they are none's. */
extern int nnet_class_of(const NnetModel *model, const NNShape *shape, const nn_real *p);
/* Its label, or its number if the model has none; NULL: it lacks this one. */
extern text *nnet_class_text(const NnetModel *model, int class);

#endif /* NNET_PREDICT_H */
