/*
 * rounds.h
 *	  What the files of nnet.fit_rounds() share: training where the rows are, in
 *	  rounds after which the models that each bucket has trained are averaged.
 *
 * Lifetimes: arguments, queries and the survey are in the context of the call,
 * which outlives the transactions of its rounds; the rest in that of a round.
 */
#ifndef NNET_ROUNDS_H
#define NNET_ROUNDS_H

#include "pg/model/model_value.h"
#include "pg/train/train.h"

#include "portability/instr_time.h"

#define NNET_ROUNDS_FUNCTION "nnet.fit_rounds"
#define NNET_MOST_BUCKETS 1024

/* ---- in outer.c: what is made of the average ---- */

typedef struct NnetOuter
{
	bool given; /* else the average is taken as it is */
	double learning_rate;
	double momentum;
	bool nesterov;
} NnetOuter;

extern void nnet_outer_parse(Jsonb *jsonb, NnetOuter *outer);
/*
 * Move the weights that learn from before to where the step says, after being
 * the average; all others are the average's.  velocity: of all parameters, or NULL
 * where there is no momentum.
 */
extern void nnet_outer_step(const NnetOuter *outer, const NNModel *core, nn_real *before,
							const nn_real *after, nn_real *velocity);

/* ---- in query.c: the user's queries ---- */

/* The columns that a query may have. */
typedef enum NnetRoundColumn
{
	NNET_ROUND_BUCKET,
	NNET_ROUND_X,
	NNET_ROUND_Y,
	NNET_ROUND_WEIGHT,
	NNET_ROUND_COLUMNS
} NnetRoundColumn;

typedef struct NnetRoundQuery
{
	char *from;					   /* "(SELECT ...) AS r(bucket, x, y)" */
	Oid types[NNET_ROUND_COLUMNS]; /* InvalidOid: it has no such column */
	char *equals;				   /* what stands between two buckets, " OPERATOR(pg_catalog.=) " */
	bool repeatable;			   /* read again, it gives the same rows */
} NnetRoundQuery;

/* what: for messages, "query"; buckets: whether it must have them.  By the connected SPI. */
extern void
nnet_round_query_read(const char *sql, const char *what, bool buckets, NnetRoundQuery *query);

/* ---- in survey.c: what is known of the buckets before training ---- */

typedef struct NnetBucket
{
	char *name; /* its value as text */
	int64 rows; /* without NULL */
	int64 *by_class;
} NnetBucket;

typedef struct NnetSurvey
{
	int n; /* buckets that have rows to train on */
	NnetBucket *buckets;
	int64 rows;
	bool differ;	 /* classes do among buckets, by more than chance */
	bool elsewhere;	 /* others than this server's executor read the rows */
	bool travels;	 /* these rows are grouped here */
	int concurrency; /* trainings at a time of a server that has them, as far as is known */
} NnetSurvey;

/* Look at all rows once: refuses what cannot be trained, tells what may harm. */
extern void nnet_survey(const NnetRoundQuery *query, const NnetModel *model, NnetSurvey *survey);

/* ---- in workers.c: one round's trainings, wherever they run ---- */

typedef struct NnetRoundResult
{
	Datum average;	  /* of type nnet.model */
	NNValue *reports; /* an array: an object for each bucket, see nnet_round_report() */
} NnetRoundResult;

/* The statement of a round, which is planned anew each time. */
typedef struct NnetRoundPlan
{
	char *sql;
	bool apart; /* each bucket is a query of its own, for parallel workers */
	int buckets;
} NnetRoundPlan;

/* A setting for what is planned and run until the nest level of settings ends. */
extern void nnet_round_set(const char *name, const char *value);
extern void nnet_round_plan(const NnetRoundQuery *query, const NnetSurvey *survey,
							const NnetModel *model, NnetRoundPlan *plan);
/* Results are in the current context, by the connected SPI. */
extern void nnet_round_run(const NnetRoundPlan *plan, const NnetModelValue *model,
						   const Jsonb *options, NnetRoundResult *result);
/* Before the first round: have the first row of a query for validation evaluated; refuses none. */
extern void nnet_round_try(const NnetRoundQuery *query, const NnetModelValue *model);
/* What the model comes to over the rows of a query, as nnet.evaluate() tells it. */
extern NNValue *nnet_round_validate(const NnetRoundQuery *query, const NnetModelValue *model);

/* ---- in entry.c: a round in the history ---- */

/* The object for the history, and *steps, which each bucket has done. */
extern NNValue nnet_round_entry(const NNValue *reports, const NNValue *validation, int64 *steps);
/* A figure of an entry by its name, "val_accuracy"; false: it has none. */
extern bool nnet_round_figure(const NNValue *entry, const char *name, double *value);

/* ---- in stopping.c ---- */

typedef struct NnetStopping NnetStopping;

/* NULL if it was not asked for.  validation: rounds end with validation. */
extern NnetStopping *nnet_stopping_make(const NnetEarlyStopping *options, const NnetModel *model,
										bool validation, MemoryContext context);
/* After a round, from 1 on, which made this model: whether it is the last. */
extern bool
nnet_stopping_look(NnetStopping *stopping, const NnetModel *model, const NNValue *entry, int round);
/* Give the model the best round's weights; returns which it was, 0: none are kept. */
extern int nnet_stopping_restore(const NnetStopping *stopping, NnetModel *model);

/* ---- in state.c: what the table says of rounds that were done ---- */

/* How many of so many a call before has done, without anyone training the model since. */
extern int nnet_rounds_done(const NnetModel *model, int rounds);
extern void nnet_rounds_set_done(NnetModel *model, int done, int rounds);
/* Of a table; zeros where there is none.  By the connected SPI, as the next. */
extern void nnet_velocity_read(const NnetModel *model, nn_real *velocity);
/* NULL: none. */
extern void nnet_velocity_save(const NnetModel *model, const nn_real *velocity);

/* ---- one call ---- */

typedef struct NnetRounds
{
	MemoryContext context; /* of the call */
	Oid relid;
	int rounds;
	NnetFitOptions options;
	const NNValue *given; /* the options, or NULL */
	NnetOuter outer;
	int steps; /* of each bucket in a round; 0: epochs */
	bool divide_batch_given;
	bool divide_batch; /* among the buckets */
	NnetRoundQuery query;
	NnetRoundQuery validation;
	bool validates;
	NnetSurvey survey;
	NnetRoundPlan plan;
	int batch;
	bool begins_anew; /* the optimizer does in each round: its state does not travel */
	NnetStopping *stopping;
	nn_real *velocity; /* NULL: there is no momentum */
	instr_time start;
	int first; /* round of this call */
} NnetRounds;

/* ---- in bucket_steps.c: how each bucket steps ---- */

/* Whether the options say this one. */
extern bool nnet_round_given(const NnetRounds *rounds, const char *option);
/* How many times as long as compiled its steps are in round number, from 1 on. */
extern double nnet_round_rate_factor(const NnetRounds *rounds, const NnetModel *model, int number);
/* Of how many rows they are. */
extern int nnet_round_batch(const NnetRounds *rounds, const NnetModel *model);
/* Whether the optimizer begins anew in each round; after the batch is known. */
extern bool nnet_round_begins_anew(const NnetRounds *rounds, const NnetModel *model);

#endif /* NNET_ROUNDS_H */
