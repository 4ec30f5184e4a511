/*
 * nn_explain.h
 *	  What of an output comes from which part of x, by integrated gradients.
 */
#ifndef NN_EXPLAIN_H
#define NN_EXPLAIN_H

#include "core/nn.h"

/*
 * Integrated gradients (infer/explain.c): what each value of a sample's x has to do
 * with one value of an output, which follows a straight path from a baseline to x.
 */
typedef struct NNExplanation
{
	const nn_real *x;		 /* one sample, of the plan's steps */
	const nn_real *baseline; /* another, or NULL: zeros at the roots */
	size_t unit;			 /* which value of y, among those of all outputs end to end */
	int points;				 /* of the path are points + 1 */
	nn_real *y;				 /* at x: nn_model_y_size */
	double *values;			 /* for each value of x */
	double *inputs;			 /* for each input, what its values have together */
	bool known;				 /* false: values lack what could not be told apart within an input */
	void *memory;			 /* nn_explain_bytes, aligned as doubles */
} NNExplanation;

/* Where paths begin: at inputs, and behind layers that do not follow small changes (places: one a layer). */
extern void nn_explain_places(const NNModel *model, uint8_t *places);
/* For a plan of such places, of one thread, for prediction. */
extern size_t nn_explain_bytes(const NNPlan *plan, const NNModel *model);
/* Run x, and find both ends of the path; then y is there, to choose a unit by. */
extern NNRunResult nn_explain_ends(NNRun *run, NNExplanation *explanation);
/* Add the next points of the path from number `from` on; returns how many in *done. */
extern NNRunResult nn_explain_points(NNRun *run, NNExplanation *explanation, int from, int *done);
/* values and inputs, after all points; false: what came from several inputs could not be told apart. */
extern bool nn_explain_end(const NNRun *run, NNExplanation *explanation);

#endif /* NN_EXPLAIN_H */
