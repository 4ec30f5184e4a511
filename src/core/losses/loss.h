/*
 * loss.h
 *	  What a loss is, and what the files of losses share.
 */
#ifndef NN_LOSS_H
#define NN_LOSS_H

#include <limits.h>
#include <math.h>

#include "core/base/field.h"
#include "core/nn_gan.h"

/* Over what a loss is one value. */
typedef enum NNOver
{
	NN_OVER_ROWS,	 /* a row of the output's last dimension */
	NN_OVER_SAMPLES, /* all of a sample's rows */
	NN_OVER_BATCH	 /* all rows there are */
} NNOver;

#define NN_NO_CLASS INT_MIN

/* The arguments of a loss; each kind has some of them. */
typedef struct NNLossConf
{
	bool from_logits;
	bool apply_class_balancing;
	NNOver over;	  /* its kind's, or that axis says */
	int ignore_class; /* whose rows do not count; or NN_NO_CLASS */
	double label_smoothing;
	double delta;
	double alpha;
	double beta;
	double gamma;
	double q;
	NNNumbers alphas; /* by class, or one */
	NNInts axis;
} NNLossConf;

_Static_assert(sizeof(NNLossConf) <= NN_MAX_LOSS_CONF, "an NNLoss has room for its arguments");

/* What the gradient of a loss that is one value of a whole batch wants to know of it. */
typedef struct NNLossBatch
{
	double weights;	 /* of the rows that count */
	double ratio[2]; /* see overlap.c */
} NNLossBatch;

typedef struct NNLossPass
{
	size_t rows; /* rows of width; mask has one byte a row */
	int width;
	size_t sample_rows; /* of each sample */
	nn_real *y;			/* outputs; where logits: replaced by fused(y) */
	bool logits;
	const float *target;	/* (rows, width), or NULL */
	const int32_t *index;	/* (rows), or NULL */
	const uint8_t *mask;	/* (rows) or NULL */
	const float *weights;	/* (rows), of each row's loss and gradient; or NULL */
	nn_real *dy;			/* gradient of the loss's *sum* by y (or logits), or NULL */
	const NNLossConf *conf; /* the loss's; NULL: no loss is run */
	nn_real *scratch; /* room for a copy of y, or for what run needs, where it was asked for */
	/* of a loss that is one value of a batch: all of it, if that is known, or where to add this part */
	const NNLossBatch *batch;
	double *ratio;
} NNLossPass;

struct NNLossKind
{
	const char *name;
	const char *synonym; /* 'mse' or NULL */
	NNMeaning meaning;	 /* of its targets */
	/* activation computed with the loss from logits, of cross-entropies; NN_LINEAR: none */
	NNActivation fused;
	NNActivation taken; /* whose outputs it takes, if it knows no logits; NN_LINEAR: any */
	bool apart;			/* goes by outputs too, not by logits alone: so those must be its own */
	bool logits;		/* takes outputs for logits, whatever they are */
	NNOver over;		/* if not rows, an axis may say otherwise */
	int min_width;		/* of the output's last dimension: 2 for classes */
	/* Returns the sum over rows that count; the caller divides by their number. */
	double (*run)(const NNLossPass *pass);
	NNGanLoss judge;	   /* what it is as a discriminator's */
	const NNField *fields; /* of its NNLossConf; NULL: none */
	/* Reals of scratch that run needs for samples of so many rows; NULL: none. */
	size_t (*room)(size_t sample_rows);
};

/* ---- in loss.c ---- */

extern const NNLossKind *nn_loss_find(const char *name);
extern const NNLossKind *nn_loss_judge(NNGanLoss judge); /* the one that a discriminator's is */
extern NNTargetType nn_loss_target(const NNLossKind *loss);
extern void nn_losses_list(char *buf, size_t size);
/* Whether the entries of an output's loss are all its rows that no mask hides. */
extern bool nn_objective_counts_rows(const NNObjective *objective);
/* Doubles of the state that a loss has beside its sum: of one value of all rows. */
#define NN_RATIO_STATES 2
extern size_t nn_loss_states(const NNLoss *loss);
extern size_t nn_loss_room(const NNLoss *loss, size_t sample_rows);

/* ---- in loss_parse.c ---- */

/* With the arguments it has by its name alone. */
extern void nn_loss_set(NNLoss *loss, const NNLossKind *kind);
/* Check arguments against the shape of an output. */
extern bool nn_loss_resolve(NNLoss *loss, const NNShape *out, NNError *error);

NN_INLINE const NNLossConf *
nn_loss_conf(const NNLoss *loss)
{
	return (const NNLossConf *) loss->conf.bytes;
}

/* ---- in loss_outputs.c ---- */

/* Whether a loss is computed from what such a last activation was given, and not from its outputs. */
extern bool nn_loss_by_logits(const NNLoss *loss, NNActivation last);
/* Run a loss from logits, which stay as they are. */
extern double nn_loss_of_logits(const NNLoss *loss, const NNLossPass *pass);
/* Run a loss of a pass's outputs, which stay as they are: from_logits is heeded. */
extern double nn_loss_of_outputs(const NNLoss *loss, const NNLossPass *pass);
/* Whether the latter copies what it is given. */
extern bool nn_loss_copies(const NNLoss *loss);

/* ---- what losses share ---- */

/* Keras's epsilon, by which probabilities stay away from 0 and 1. */
#define NN_LOSS_EPSILON 1e-7

#define NN_LOSS_BLOCK 256 /* values that loops hand on to nn_loss_sum at a time */

/* Compilers keep the order of a sum, so vector code needs it written in lanes. */
#define NN_SUM_LANES 8
#define NN_SUM_OF_LANES(lane) \
	(((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7])))

/* The sum of a row's numbers. */
NN_INLINE nn_real
nn_row_sum(const nn_real *x, size_t n)
{
	nn_real lane[NN_SUM_LANES] = {0};
	nn_real rest = 0;
	size_t i = 0;

	for (; i + NN_SUM_LANES <= n; i += NN_SUM_LANES)
		for (int l = 0; l < NN_SUM_LANES; l++)
			lane[l] += x[i + l];
	for (; i < n; i++)
		rest += x[i];
	return rest + NN_SUM_OF_LANES(lane);
}

/*
 * The sum of what many rows come to: in doubles, so that it does not hang on
 * which rows go together.
 */
NN_INLINE double
nn_loss_sum(const nn_real *x, size_t n)
{
	double lane[NN_SUM_LANES] = {0};
	double rest = 0;
	size_t i = 0;

	for (; i + NN_SUM_LANES <= n; i += NN_SUM_LANES)
		for (int l = 0; l < NN_SUM_LANES; l++)
			lane[l] += (double) x[i + l];
	for (; i < n; i++)
		rest += (double) x[i];
	return rest + NN_SUM_OF_LANES(lane);
}

/* Whether a loss passes over rows by their class. */
NN_INLINE bool
nn_loss_ignores(const NNLossPass *pass)
{
	return pass->conf != NULL && pass->index != NULL && pass->conf->ignore_class != NN_NO_CLASS;
}

/* Whether a row counts, whatever it weighs. */
NN_INLINE bool
nn_loss_counts(const NNLossPass *pass, size_t row)
{
	return (pass->mask == NULL || pass->mask[row] != 0) &&
		!(nn_loss_ignores(pass) && pass->index[row] == pass->conf->ignore_class);
}

/* By how much a row counts. */
NN_INLINE double
nn_loss_weight(const NNLossPass *pass, size_t row)
{
	if (!nn_loss_counts(pass, row))
		return 0;
	return pass->weights == NULL ? 1 : (double) pass->weights[row];
}

/* And all entries of the loss together, rows but of one over samples (rows.c). */
extern double nn_loss_weights(const NNLossPass *pass);

typedef double (*NNLossSpan)(const NNLossPass *pass);

/*
 * In rows.c: run a loss over each span of rows that count and return the weighted sum.  In rows
 * that do not, dy becomes 0 and logits go through their activation alone.
 */
extern double nn_loss_spans(const NNLossPass *pass, NNActivation fused, NNLossSpan span);
/* The weight of a loss's value of the rows from one on that a sample has: the mean of those that count. */
extern double nn_loss_sample_weight(const NNLossPass *pass, size_t row);

/* in crossentropy.c */
extern double nn_binary_run(const NNLossPass *pass);
extern double nn_categorical_run(const NNLossPass *pass);
extern double nn_sparse_run(const NNLossPass *pass);

/* in focal.c */
extern double nn_binary_focal_run(const NNLossPass *pass);
extern double nn_categorical_focal_run(const NNLossPass *pass);
extern double nn_generalized_run(const NNLossPass *pass);

/* in ctc.c */
extern double nn_ctc_run(const NNLossPass *pass);
extern size_t nn_ctc_room(size_t sample_rows);

/* in overlap.c */
extern double nn_dice_run(const NNLossPass *pass);
extern double nn_tversky_run(const NNLossPass *pass);
/* What a ratio over all rows comes to; of none, as its state begins, 1. */
extern double nn_overlap_loss(const double ratio[NN_RATIO_STATES]);

#endif /* NN_LOSS_H */
