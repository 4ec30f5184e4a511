/*
 * nn_optimizer.h
 *	  The part of nn.h that is of optimizers, schedules of their rates, and moving
 *	  averages of what they train.  nn.h includes it.
 */
#ifndef NN_CORE_OPTIMIZER_H
#define NN_CORE_OPTIMIZER_H

typedef struct NNOptimizerKind NNOptimizerKind;
typedef struct NNScheduleKind NNScheduleKind;

#define NN_MAX_SLOTS 8
#define NN_MAX_OPTIMIZER_CONF 640
#define NN_MAX_SCHEDULE_CONF 256

typedef struct NNSchedule
{
	const NNScheduleKind *kind; /* NULL: constant */
	double rate;
	union
	{
		char bytes[NN_MAX_SCHEDULE_CONF];
		double align;
	} conf;
} NNSchedule;

typedef struct NNOptimizer
{
	const NNOptimizerKind *kind;
	NNSchedule schedule;
	double rate_factor;	 /* of this training: steps are so many times as long */
	double weight_decay; /* 0: none */
	double clipnorm, global_clipnorm, clipvalue; /* 0: none */
	int accumulation; /* steps whose gradients make one update; 1: each */
	bool use_ema;
	double ema_momentum;
	int ema_overwrite_frequency; /* updates after which averages overwrite parameters; 0: never */
	int n_slots;				 /* those of its kind, then: */
	int sum_slot;				 /* gradients of steps that have not made an update; -1: none */
	int average_slot;			 /* moving averages of parameters; -1: none */
	union
	{
		char bytes[NN_MAX_OPTIMIZER_CONF];
		double align;
	} conf;
} NNOptimizer;

extern bool nn_optimizer_parse(NNOptimizer *optimizer, const NNValue *config, NNError *error);
/*
 * The parameters that learn and their moving averages change places, in a layer; back
 * again by another call.  average is that slot.
 */
extern void nn_layer_swap_average(const NNLayer *layer, nn_real *params, nn_real *average);
/* The moving averages begin anew with the parameters. */
extern void nn_layer_start_average(const NNLayer *layer, const nn_real *params, nn_real *average);
extern double nn_schedule_rate(const NNSchedule *schedule, int64_t step); /* step counts from 0 */
/* The schedule's, times rate_factor. */
extern double nn_optimizer_rate(const NNOptimizer *optimizer, int64_t step);
/* Whether a step is as long as its gradient says; others measure gradients by their own size. */
extern bool nn_optimizer_proportional(const NNOptimizer *optimizer);
/* Whether it may begin anew at any time, its moments being corrected for that. */
extern bool nn_optimizer_corrected(const NNOptimizer *optimizer);
/* Whether another rate by itself changes parameters, those that were learned before, too. */
extern bool nn_optimizer_by_rate(const NNOptimizer *optimizer);

#endif /* NN_CORE_OPTIMIZER_H */
