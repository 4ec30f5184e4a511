/*
 * fit_gan.h
 *	  What the files of fit_gan share: options, the training of two models,
 *	  reports.
 */
#ifndef NNET_GAN_H
#define NNET_GAN_H

#include "core/nn_gan.h"
#include "pg/data/data.h"
#include "pg/train/train.h"

/* ---- in gan_options.c ---- */

typedef struct NnetGanOptions
{
	int epochs;
	int batch_size;
	bool shuffle;
	int64 seed;
	bool verbose;
	int noise; /* NNNoise */
	int discriminator_steps;
	double label_smoothing;
	int loss;	 /* NNGanLoss; NN_GAN_NONE: as the discriminator was compiled */
	double clip; /* below 0: what the loss needs */
	int condition;
	double time_limit; /* seconds; 0: none */
} NnetGanOptions;

/* Defaults, then what jsonb says (may be NULL); draws a seed if none is given. */
extern void nnet_gan_options_read(Jsonb *jsonb, NnetGanOptions *options);
/* The loss that the options or the discriminator's compile() say; sets clip too. */
extern void nnet_gan_options_resolve(NnetGanOptions *options, const NnetModel *discriminator);

/* ---- in gan_train.c ---- */

/* What is known at the end of an epoch. */
typedef struct NnetGanEpoch
{
	NNGanTotals totals;
	double seconds;
	double generator_rate; /* learning rates of the last updates */
	double discriminator_rate;
} NnetGanEpoch;

/* Lives in the context of one fit_gan; owns buffers and what it came to. */
typedef struct NnetGan
{
	MemoryContext context;
	MemoryContext buffers; /* workspaces and gradients: while it trains */
	NnetModel *generator;
	NnetModel *discriminator;
	NnetGanOptions options;
	NNGan core;
	NnetGanEpoch *epoch; /* the latest: number i at i % NNET_HISTORY_EPOCHS */
	int epochs;
	uint64 samples;
	int64 steps;
	int64 skipped;
	double seconds;
	NnetClock clock; /* of time_limit */
	NnetEnded ended;
} NnetGan;

/* Refuse models and options that do not fit. */
extern void nnet_gan_check(NnetGan *gan);
/* Train for all epochs over the (sealed) dataset. */
extern void nnet_gan_train(NnetGan *gan, NnetDataset *dataset, const NNRecordFormat *format);

/* ---- in gan_report.c ---- */

/* One line by NOTICE on the epoch just done. */
extern void nnet_gan_say_epoch(const NnetGan *gan);
/* Append all epochs to the histories in both training rows. */
extern void nnet_gan_report_history(NnetGan *gan);
/* What fit_gan returns. */
extern Jsonb *nnet_gan_report(const NnetGan *gan);

#endif /* NNET_GAN_H */
