/*
 * optimizer.h
 *	  What an optimizer and a schedule are.
 */
#ifndef NN_OPTIMIZER_H
#define NN_OPTIMIZER_H

#include "core/base/field.h"

/* One update of n parameters from gradients that are scaled (but see scales), clipped and regularized. */
typedef struct NNUpdate
{
	size_t n;
	nn_real *p;
	const nn_real *g;
	nn_real scale;		 /* of g, for a kind that scales; else 1 */
	const nn_real *each; /* sums over places, as the kind says; NULL: g is of one place */
	nn_real *slots[NN_MAX_SLOTS];
	double rate;  /* of this step */
	int64_t step; /* from 1 */
	/* of a kind that takes whole tensors: which it is, and the room it asked for */
	const char *layer;
	const NNParam *param;
	nn_real *scratch;
} NNUpdate;

/* What an optimizer sums over an id's places, before it knows their gradients' sum. */
typedef enum NNEach
{
	NN_EACH_NOTHING,
	NN_EACH_SQUARE,
	NN_EACH_MAGNITUDE
} NNEach;

struct NNOptimizerKind
{
	const char *name;
	size_t conf_size;
	const NNField *fields; /* its own; the common ones are in optimizer_parse.c */
	double default_rate;
	double default_decay;
	NNEach each;
	int (*n_slots)(const void *conf);
	bool whole;		   /* an update is of one whole tensor, not of any part of the parameters */
	bool scales;	   /* an update multiplies g by its scale, which saves a pass over it */
	bool proportional; /* an update of twice the gradient is twice as long */
	bool corrected;	   /* moments are corrected for having begun as zeros */
	bool by_rate;	   /* parameters themselves, not updates alone, are as large as the rate says */
	bool
		relative; /* slot 0 is kept as its difference from the parameters, so that it begins as 0 */
	/* The decay of a tensor, if it is not the same for all. */
	double (*decay)(const void *conf, double weight_decay, const char *layer, const NNParam *param);
	/*
	 * What of an update takes long, without changing anything but the last slot,
	 * which the update wants as it is left; it may end early where the job is to
	 * stop.  scratch: the reals it needs.
	 */
	size_t (*scratch)(const void *conf, const char *layer, const NNParam *param);
	void (*prepare)(const void *conf, const NNUpdate *update);
	void (*update)(const void *conf, const NNUpdate *update);
};

struct NNScheduleKind
{
	const char *name;
	const NNField *fields;
	bool (*check)(void *conf, NNError *error); /* may be NULL */
	double (*rate)(const void *conf, int64_t step);
};

extern const NNOptimizerKind nn_optimizers[]; /* ends with a NULL name */
extern bool
nn_schedule_parse(NNSchedule *schedule, const NNValue *value, const char *what, NNError *error);

#endif /* NN_OPTIMIZER_H */
