/*
 * aggregate.h
 *	  The skeleton that the aggregates fit and fit_gan share: aggregate.c calls
 *	  what is particular to each.
 *
 * fit_value is fit of a model that is a value: it changes nothing.  Their
 * arguments are the state, one or two models, values, and from the fourth
 * on the options and what else there is.
 */
#ifndef NNET_AGGREGATE_H
#define NNET_AGGREGATE_H

#include "pg/data/data.h"
#include "pg/model/model_value.h"
#include "pg/train/train.h"

#define NNET_FITTING_MODELS 2 /* at most */

/* What the state of each begins with. */
typedef struct NnetFitting
{
	const struct NnetFittingKind *kind;
	MemoryContext aggregate; /* of this struct and result */
	MemoryContext context;	 /* of all else; NULL once finished */
	Oid relids[NNET_FITTING_MODELS];
	NnetClaim *claims[NNET_FITTING_MODELS];
	NnetRecentValue recent;			  /* of a value: the argument read last */
	uint8 content[NNET_DIGEST_BYTES]; /* and the model that it is */
	Jsonb *options;					  /* as given, or NULL */
	const char *name;				  /* of the model that rows are for */
	NnetDataset *dataset;			  /* of rows, from begin() on */
	NnetDataset *chosen;			  /* for validation; NULL: none are chosen */
	int64 rows;						  /* seen, with those skipped */
	int64 skipped;
	instr_time start;
	bool finished;
	struct varlena *result; /* NULL: there was nothing to train on */
} NnetFitting;

typedef struct NnetFittingKind
{
	const char *function; /* for messages: "nnet.fit" */
	size_t size;		  /* of the whole state */
	int models;
	bool of_value; /* the model is one, not a table: nothing is locked or written */
	/* Refuse arguments that are no models. */
	void (*check_models)(FunctionCallInfo fcinfo);
	/* Load, lock and check the models; set name and dataset.  In the state's context. */
	void (*begin)(NnetFitting *fitting, FunctionCallInfo fcinfo);
	/* Add a row, no value of which is NULL.  In the caller's context, as the next. */
	void (*add)(NnetFitting *fitting, FunctionCallInfo fcinfo);
	/* A row is done with; or NULL. */
	void (*added)(NnetFitting *fitting);
	/* Train and save.  In the state's context; the result in that of the aggregate. */
	void (*train)(NnetFitting *fitting);
	struct varlena *(*result)(NnetFitting *fitting);
	/* Warn that all rows were skipped. */
	void (*tell_nulls)(const NnetFitting *fitting);
} NnetFittingKind;

extern Datum nnet_fitting_transition(const NnetFittingKind *kind, FunctionCallInfo fcinfo);
extern Datum nnet_fitting_final(const NnetFittingKind *kind, FunctionCallInfo fcinfo);
/* Let go of the rows, before the models are saved. */
extern void nnet_fitting_free_rows(NnetFitting *fitting);
/* Since the first row. */
extern double nnet_fitting_seconds(const NnetFitting *fitting);

#endif /* NNET_AGGREGATE_H */
