/*
 * run.h
 *	  A loaded model and what it runs in: plans, workspace and gradients, under one
 *	  memory budget.  For fit, fit_gan, evaluate, predict, predict_batch, generate
 *	  and forecast.
 *
 * Lifetimes: a run and all in it live in the context given to nnet_run_init; the
 * model is the caller's, and must live as long.
 */
#ifndef NNET_RUN_H
#define NNET_RUN_H

#include "pg/nnet.h"

/* A plan and the request that it was made by. */
typedef struct NnetPlanned
{
	NNPlan *plan; /* NULL: not yet */
	bool made;
	NNPlanRequest request;
} NnetPlanned;

typedef struct NnetRun
{
	NnetModel *model;
	MemoryContext context;
	NNRun core; /* format, totals, step, seed and packed weights are the caller's */
	NnetPlanned training;
	NnetPlanned inference;
	MemoryContext workspace_context; /* of core.workspace; NULL: not yet */
	size_t workspace_bytes;
	MemoryContext gradients_context; /* of core.grads */
	size_t gradients_bytes;
	bool ahead; /* threads may be at work where the caller is not: see nn_predict_begin */
	MemoryContextCallback stop;
} NnetRun;

/* What a plan is for, in the message if it takes more memory than there is. */
typedef struct NnetRunTask
{
	const char *verb;  /* "predict": is followed by how many rows */
	const char *hint;  /* the way out */
	size_t rows_bytes; /* that the caller allocates as well */
} NnetRunTask;

/* Room for the plan, and the model's part of a run of the core. */
extern void nnet_run_init_core(NNRun *core, NnetModel *model, MemoryContext context);
/* Bytes of the gradients that its plan wants. */
extern size_t nnet_run_gradients(const NNRun *core);

extern void nnet_run_init(NnetRun *run, NnetModel *model, MemoryContext context);
/*
 * Make core.plan the plan of that request, and buffers large enough for it.  Does
 * nothing if it is planned so already.  Refuses steps that a layer cannot take.
 */
extern void nnet_run_plan(NnetRun *run, const NNPlanRequest *request, const NnetRunTask *task);
/* Let go of workspace and gradients. */
extern void nnet_run_end(NnetRun *run);
/* n rows x into y, end to end, by the plan made last; answers interrupts. */
extern void nnet_run_predict(NnetRun *run, const nn_real *x, size_t n, nn_real *y);

#endif /* NNET_RUN_H */
