/*
 * nn_gan.h
 *	  The face of adversarial training: two models against each other.
 */
#ifndef NN_GAN_FACE_H
#define NN_GAN_FACE_H

#include "core/nn.h"

typedef enum NNGanLoss
{
	NN_GAN_NONE = -1,
	NN_GAN_CROSSENTROPY, /* non-saturating: the generator wants its rows taken for real */
	NN_GAN_LEAST_SQUARES,
	NN_GAN_WASSERSTEIN
} NNGanLoss;

typedef enum NNNoise
{
	NN_NOISE_NORMAL, /* standard */
	NN_NOISE_UNIFORM /* within [-1, 1) */
} NNNoise;

/* What a discriminator compiled with that loss is trained by, or NN_GAN_NONE. */
extern NNGanLoss nn_gan_loss(const NNLoss *loss);
/* Both end with a NULL name. */
extern const NNWord nn_gan_loss_words[];
extern const NNWord nn_noise_words[];

/* Values of an input that come from one place. */
typedef struct NNGanSpan
{
	int input; /* of the model that is fed */
	size_t at; /* from there on in it */
	size_t n;
	int from; /* input of the discriminator in a real row; NN_GAN_NEW: noise, or what was made */
	size_t from_at;
} NNGanSpan;

#define NN_GAN_NEW (-1)
/* How many there may be of a model. */
#define NN_GAN_SPANS(n_inputs) ((size_t) (n_inputs) + 1)

/* Sums over the updates of an epoch, weighted by samples. */
typedef struct NNGanTotals
{
	double generator_loss;
	double generator_samples;
	double discriminator_loss;
	double discriminator_samples; /* real ones; each has a generated one beside it */
	double hits;				  /* of twice as many, unless the loss is Wasserstein's */
} NNGanTotals;

/*
 * Fills z with noise for samples first .. first + count - 1 of a batch.  draw
 * is 0 to discriminator_steps - 1 for the updates of the discriminator,
 * discriminator_steps for that of the generator.  Called by any thread.
 */
typedef void (*NNNoiseSource)(void *arg, int64_t step, int draw, int first, int count, nn_real *z);

/* The seed of the noise of a generator's span number i, from that of the first. */
NN_INLINE uint64_t
nn_gan_noise_seed(uint64_t seed, int i)
{
	return i == 0 ? seed : nn_mix(seed, (uint64_t) i, 1, 0);
}

/*
 * One step takes one batch of real records.  The discriminator is trained on
 * it discriminator_steps times, each time beside as many rows generated anew;
 * then the generator once, through the discriminator as it then is.  Each
 * model has its own optimizer and counts its own updates in step.
 *
 * The caller fills generator and discriminator as for nn_train_records (no
 * objective; workspaces and gradients after nn_gan_plan) and brings three
 * plans of nn_plan_bytes each, and room for spans and places.
 *
 * What both models are given of a real row, beside noise and what is judged:
 * of models of one input each the last `condition` values, else the inputs
 * that have the same name in both.
 */
typedef struct NNGan
{
	NNRun generator;
	NNRun discriminator; /* format: records without targets */
	NNPlan *judge;		 /* the frozen discriminator's */
	NNGanLoss loss;
	NNNoise noise;
	int discriminator_steps;
	int condition;		  /* of models of one input; else 0 */
	double smoothing;	  /* real rows count as 1 - smoothing; not for Wasserstein */
	double clip;		  /* the discriminator's parameters within [-clip, clip]; 0: as they come */
	uint64_t seed;		  /* of the noise and all other draws */
	NNNoiseSource source; /* of the first noise; NULL: drawn by (seed, step, draw, sample) */
	void *source_arg;
	NNGanTotals totals; /* added to */
	NNGanSpan *fed;		/* room for NN_GAN_SPANS of the generator */
	NNGanSpan *taken;	/* and of the discriminator */
	uint8_t *places;	/* room for one of each layer of the discriminator */
	/* set by nn_gan_plan; the caller provides what has that size */
	size_t fake_bytes;	  /* of fake_workspace */
	void *fake_workspace; /* for generated rows in the discriminator */
	/* the core's own */
	int n_fed;
	int n_taken;
	int judged; /* index in taken of what the generator makes */
	NNObjectives objectives;
	NNObjectives verdict;
	int draw; /* updates done of an interrupted step */
} NNGan;

/*
 * Whether the two models and options fit; also readies their last layers, so
 * that nothing else may be done with the models until training is over.
 */
extern bool nn_gan_check(NNGan *gan, NNError *error);
/*
 * Plan generator, discriminator and judge alike.  Of the request batch,
 * threads, chunk and force_threads count.
 */
extern bool nn_gan_plan(NNGan *gan, const NNPlanRequest *request, NNError *error);
/* As nn_train_records; an interrupted step goes on with the update it was at. */
extern NNRunResult
nn_gan_records(NNGan *gan, const void *const *records, size_t n_records, size_t *done);
/* Noise for one sample, n reals: what generators are fed with. */
extern void nn_noise(NNNoise noise, uint64_t seed, uint64_t sample, nn_real *z, size_t n);

#endif /* NN_GAN_FACE_H */
