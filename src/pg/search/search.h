/*
 * search.h
 *	  What nnet.search() and nnet.cross_validate() share: candidates, the rows that
 *	  are kept once for all of them, and trainings of one candidate without one fold.
 *
 * Lifetimes: all of a call is in the context that was current when it began; a
 * trial has one of its own, which ends with it.
 */
#ifndef NNET_SEARCH_H
#define NNET_SEARCH_H

#include "pg/data/data.h"
#include "pg/data/folds.h"
#include "pg/model/model.h"
#include "pg/train/train.h"

/* ---- in fault.c ---- */

/* An error that ended one of several things, and not the statement. */
typedef struct NnetFault
{
	bool is; /* there was one */
	int sqlstate;
	char *message;
	char *detail; /* or NULL */
	char *hint;
} NnetFault;

typedef void (*NnetStep)(void *arg);

/*
 * Run step in a subtransaction.  False after an error, which is noted, in that
 * context; those that end a query whatever it does are raised anew.
 */
extern bool nnet_attempt(NnetStep step, void *arg, NnetFault *fault, MemoryContext context);
pg_noreturn extern void nnet_fault_raise(const NnetFault *fault);

/* ---- in candidate.c ---- */

struct NnetRowSet;

typedef struct NnetCandidate
{
	char *name;
	Jsonb *params;		   /* columns of its own that mean nothing here */
	const NNValue *layers; /* an array */
	NnetGiven given;
	NnetFitOptions options;
	NnetModel *model; /* compiled, without weights; NULL if that failed */
	NnetFault fault;
	bool unscored; /* which is that it has not the figure it is to be chosen by */
	int score;	   /* the number of the figure that it is chosen by */
	bool rises;
	struct NnetRowSet *rows;
	/* what trials came to */
	int n_figures;
	NnetFigure *figures; /* without values */
	double *training;	 /* [fold][figure], of the last epoch, or of the one whose weights count */
	double *validation;
	int *epochs; /* by fold */
	double *seconds;
	int done; /* folds */
} NnetCandidate;

/*
 * What a query gives, a candidate a row: its name and layers, loss, optimizer,
 * metrics, options, ...; errors of one are its fault.  options are those of all.
 */
extern NnetCandidate *
nnet_candidates_read(const char *query, const NNValue *options, const char *scoring, int *n);
/* One by what it is; raises errors. */
extern NnetCandidate *
nnet_candidate_make(const char *name, const NNValue *layers, const NnetGiven *given,
					const NNValue *options, const char *scoring);
/* Refuse options of nnet.fit() that are not for a training without a fold. */
extern void nnet_candidate_check(const NnetFitOptions *options);
/* Room for what its trials come to. */
extern void nnet_candidate_begin(NnetCandidate *candidate, int folds);
/* A model of it, compiled; in a new child of context. */
extern NnetModel *nnet_candidate_model(const NnetCandidate *candidate, MemoryContext context);
/* The mean of a figure over the folds, of validation or of training. */
extern double
nnet_candidate_mean(const NnetCandidate *candidate, int figure, bool validation, int folds);
extern double nnet_candidate_deviation(const NnetCandidate *candidate, int folds);

/* ---- in rowset.c ---- */

/* Rows as candidates want them that read them alike. */
typedef struct NnetRowSet
{
	NnetModel *model; /* of the first of these; what was learned from all rows is in it */
	char *signature;
	NnetRecorder *recorder;
	NnetRowWeights *weights;	 /* NULL: records have none */
	const NNValue *class_weight; /* of the first of its candidates; NULL: they have none */
	NnetClassWeights *by_class;	 /* what that refuses of rows; or NULL */
	NnetDataset *dataset;
	NnetFault fault;
} NnetRowSet;

typedef struct NnetSearchRows
{
	const char *function; /* for messages */
	int n_sets;
	NnetRowSet *sets;
	NnetFolds *folds;
	uint64 n;
	int64 skipped; /* x or y of which is NULL */
} NnetSearchRows;

/* How rows are shared out. */
typedef struct NnetFoldsWanted
{
	int k;
	int stratify; /* -1: where y is a class */
	uint64 seed;
} NnetFoldsWanted;

/*
 * Run the query once, and keep its rows for all candidates.  A candidate that
 * cannot take them has its fault; if there is but one way to read them, errors are raised.
 */
extern void nnet_search_rows_read(NnetSearchRows *rows, const char *query,
								  const NnetFoldsWanted *wanted, NnetCandidate *candidates, int n);
/* Give a model of a candidate what was learned from the rows: labels, vocabularies. */
extern void nnet_row_set_share(const NnetRowSet *set, NnetModel *model);
extern void nnet_search_rows_free(NnetSearchRows *rows);

/* ---- in trial.c ---- */

/* Train all candidates without each fold, as many at a time as there are threads. */
extern void nnet_trials_run(const NnetSearchRows *rows, NnetCandidate *candidates, int n);

/* ---- in best.c ---- */

/* Refuse a name that no model can be made by, before the work. */
extern void nnet_best_check(text *name);
/* Train the candidate on all rows, as a new model of that name; an error is its fault, and told. */
extern void nnet_best_make(text *name, NnetCandidate *candidate, const NnetSearchRows *rows);

#endif /* NNET_SEARCH_H */
