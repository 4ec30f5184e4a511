/*
 * predict.h
 *	  What predict and classify share: one row through a model.
 */
#ifndef NNET_PREDICT_H
#define NNET_PREDICT_H

#include "pg/nnet.h"

/* ---- in predict.c ---- */

#define NNET_ALL_OUTPUTS (-1)

/* What is called, and which output it wants: the one that its third argument names, or this. */
typedef struct NnetPredictCall
{
	const char *function; /* for messages */
	bool of_value;		  /* the model is one, not a table */
	bool names_output;
	int (*output)(const NnetModel *model);
} NnetPredictCall;

/*
 * Run arguments (model, x "any" [, output text]) of a call.  Returns
 * what it wants of the outputs, as an array; *model is the model it came from,
 * valid until the cache is asked again, and *output the output.  A batched scan
 * (scan.h) gives the call's number as a further argument.
 */
extern ArrayType *nnet_predict_call(FunctionCallInfo fcinfo, const NnetPredictCall *call,
									NnetModel **model, int *output);
/*
 * For a function that is called for each row, and keeps nothing else in fn_extra, where
 * its calls are counted: enter a row that says which call errors are of.  x is the number
 * of the argument that differs from row to row; where it does not, there is nothing to tell.
 */
extern void nnet_call_enter(NnetRow *row, FunctionCallInfo fcinfo, int x);
/* Refuse outputs of one row that are not finite. */
extern void nnet_check_outputs(const float *y, size_t n, const char *model);
/* x, of all inputs end to end, through a model; returns that output, or all. */
extern ArrayType *
nnet_predict_row(NnetCached *cached, const float *x, const NNSteps *steps, int output);
/* An array of that shape at those steps, to be filled. */
extern ArrayType *nnet_output_array(const NNShape *shape);
/* The shape of an output, or of all end to end; where it begins among them. */
extern NNShape nnet_output_shape(const NNModel *core, int output);
extern size_t nnet_output_at(const NNModel *core, int output);

/* ---- in classify.c ---- */

/* The output that tells classes apart, of rows or of their steps; an error if none does, or several do. */
extern int nnet_class_output(const NnetModel *model, bool steps);
/*
 * The class that outputs of that shape speak for, as text, or those of their
 * steps, as text[]; an error if they are none's.  A class is its label, or its
 * number if there are none; NULL: it lacks a label.
 */
extern struct varlena *nnet_class_value(const NnetModel *model, int output, const NNShape *shape,
										const nn_real *p, bool steps);

#endif /* NNET_PREDICT_H */
