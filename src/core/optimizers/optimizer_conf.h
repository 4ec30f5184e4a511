/*
 * optimizer_conf.h
 *	  What the files of optimizers share: optimizer.c has the table and those that
 *	  go element by element, adam.c adam, optimizer_tensor.c and muon.c those that look at whole
 *	  tensors.
 */
#ifndef NN_OPTIMIZER_CONF_H
#define NN_OPTIMIZER_CONF_H

#include "core/optimizers/optimizer.h"

#define NN_BELOW_ONE 0x1.fffffffffffffp-1 /* decays of moving averages: less than 1 */
#define NN_MIN_EPSILON 1e-30
#define NN_MAX_EPSILON 1000

typedef struct NNAdamConf
{
	double beta_1;
	double beta_2;
	double epsilon;
	bool amsgrad; /* the largest v so far instead of v */
} NNAdamConf;

typedef struct NNBetasConf
{
	double beta_1;
	double beta_2;
	double epsilon;
} NNBetasConf;

typedef struct NNAdafactorConf
{
	double beta_2_decay;
	double epsilon_1;
	double epsilon_2;
	double clip_threshold;
	bool relative_step; /* the rate is at most 1 / sqrt(step), which Keras takes either way */
} NNAdafactorConf;

typedef struct NNMuonConf
{
	double adam_beta_1;
	double adam_beta_2;
	double adam_weight_decay;
	double epsilon;
	double muon_a, muon_b, muon_c;
	double adam_lr_ratio;
	double momentum;
	double rms_rate; /* 0: steps as they are */
	int ns_steps;
	bool nesterov;
	bool exclude_embeddings;
	NNTexts exclude_layers;
} NNMuonConf;

/* An update whose loop is compiled twice, without sums over places and with them. */
#define BOTH_UPDATES(name)                                                               \
	static NN_HOT(void, name##_update, (const void *conf, const NNUpdate *u), (conf, u)) \
	{                                                                                    \
		if (u->each != NULL)                                                             \
			name##_loop(conf, u, u->each);                                               \
		else                                                                             \
			name##_loop(conf, u, NULL);                                                  \
	}

/* beta^step as the weights' type holds it. */
NN_INLINE nn_real
nn_power_of(double beta, int64_t step)
{
	return (nn_real) pow((nn_real) beta, (double) step);
}

/* g^2, or the sum of squares. */
NN_INLINE nn_real
nn_square_of(const nn_real *g, const nn_real *each, size_t i)
{
	return each != NULL ? each[i] : g[i] * g[i];
}

extern const NNField nn_adam_fields[];
extern int nn_adam_slots(const void *conf);
extern void nn_adam_update(const void *conf, const NNUpdate *u);
extern void nn_lamb_update(const void *conf, const NNUpdate *u);
extern void nn_adafactor_update(const void *conf, const NNUpdate *u);

extern const NNField nn_muon_fields[];
extern void nn_muon_prepare(const void *conf, const NNUpdate *u);
extern void nn_muon_update(const void *conf, const NNUpdate *u);
extern double
nn_muon_decay(const void *conf, double weight_decay, const char *layer, const NNParam *param);
extern size_t nn_muon_scratch(const void *conf, const char *layer, const NNParam *param);

#endif /* NN_OPTIMIZER_CONF_H */
