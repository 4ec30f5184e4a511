/*
 * nn_loss.h
 *	  The part of nn.h that is of losses and metrics with their arguments.  nn.h
 *	  includes it.
 */
#ifndef NN_CORE_LOSS_H
#define NN_CORE_LOSS_H

typedef struct NNLossKind NNLossKind;
typedef struct NNMetricKind NNMetricKind;

#define NN_MAX_LOSS_CONF 128
#define NN_MAX_METRIC_CONF 144

typedef struct NNLoss
{
	const NNLossKind *kind; /* NULL: none */
	union
	{
		char bytes[NN_MAX_LOSS_CONF];
		double align;
	} conf;
} NNLoss;

/*
 * A name ('huber'), or an object {"kind": "huber", "delta": 2} whose other keys are
 * its arguments; these live as long as the loss.
 */
extern bool nn_loss_parse(NNLoss *loss, const NNValue *config, NNError *error);
extern const char *nn_loss_name(const NNLoss *loss);
/* Whether it has no other arguments than it has by its name alone. */
extern bool nn_loss_plain(const NNLoss *loss);

typedef struct NNMetric
{
	const NNMetricKind *kind;
	char name[NN_MAX_NAME]; /* of what it comes to */
	bool weighted;			/* rows count by their weights */
	bool index;				/* targets are classes */
	int width;				/* of the rows it looks at; 0: not known yet */
	int states;				/* doubles of its state, which begins as zeros: sums */
	int values;				/* that it comes to; 0: one, else an array of them */
	union
	{
		NNLoss loss; /* that it is */
		char bytes[NN_MAX_METRIC_CONF];
		double align;
	} conf;
} NNMetric;

extern bool nn_metric_rises(const NNMetric *metric); /* whether more of it is better */
/* Check a loss, or a metric, alone, as the SQL constructors do. */
extern bool nn_loss_check(const NNValue *config, NNError *error);
extern bool nn_metric_check(const NNValue *config, NNError *error);

#endif /* NN_CORE_LOSS_H */
