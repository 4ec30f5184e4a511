/*
 * evaluation.h
 *	  The type nnet.evaluation: what a model that is a value came to over some
 *	  rows, as sums, with what is needed to tell figures of them anywhere.
 *
 *	head	magic, version, the digest of the model, numbers of what follows
 *	sums	of losses, then counts, by output; then the states of the metrics
 *	form	the model without weights, a value of type nnet.model
 *
 * Every byte may be a stranger's: nnet_evaluation_get checks what it reads.
 */
#ifndef NNET_EVALUATION_H
#define NNET_EVALUATION_H

#include "pg/model/model_value.h"

typedef struct NnetEvaluation
{
	int32 vl_len_;
	uint32 magic;
	uint32 version;
	uint32 n_outputs;
	uint32 n_states;
	uint32 form_at; /* bytes from the beginning */
	uint8 content[NNET_DIGEST_BYTES];
	int64 skipped; /* rows whose x or y is NULL */
	double samples;
	double penalty_sum;
	double sums[FLEXIBLE_ARRAY_MEMBER]; /* 2 * n_outputs + n_states */
} NnetEvaluation;

/* Begins as zeros, in the current context; form is a value as it is. */
extern NnetEvaluation *nnet_evaluation_make(const uint8 *content, int n_outputs, size_t n_states,
											const NnetModelValue *form);
/* Add totals of the same model; and back. */
extern void nnet_evaluation_add(NnetEvaluation *evaluation, const NNTotals *totals);

/* ---- in asked.c ---- */

/* A hash of outputs, losses and metrics: sums of others must not be added to theirs. */
extern uint32 nnet_what_is_asked(const NnetModel *model);

/* ---- in evaluate.c ---- */

/* Refuse figures of an evaluation that are not finite. */
extern void nnet_check_scores(const NnetModel *model, const NNScores *scores);

#endif /* NNET_EVALUATION_H */
