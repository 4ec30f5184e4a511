/*
 * train.h
 *	  What the files of training share: options, epochs, claims, reports.
 */
#ifndef NNET_TRAIN_H
#define NNET_TRAIN_H

#include "pg/nnet.h"
#include "pg/run/runner.h"

/* ---- in options.c ---- */

typedef enum NnetOptionType
{
	NNET_OPTION_INT,
	NNET_OPTION_BIGINT,
	NNET_OPTION_REAL,
	NNET_OPTION_BOOL,
	NNET_OPTION_WORD,	 /* int, from words */
	NNET_OPTION_TEXT,	 /* const char * */
	NNET_OPTION_SECONDS, /* double, of an interval; 0: it was not given */
	NNET_OPTION_VALUE,	 /* const NNValue *, as it was given; NULL: it was not */
	NNET_OPTION_OPTIONS	 /* a struct of options, which begins with a bool: it was given */
} NnetOptionType;

struct NnetOptionTable;

typedef struct NnetOption
{
	const char *name;
	NnetOptionType type;
	size_t offset; /* in the struct of options */
	double def;
	double min; /* inclusive */
	double max; /* inclusive, of NNET_OPTION_REAL exclusive */
	const NNWord *words;
	const char *text;					 /* default of NNET_OPTION_TEXT */
	const struct NnetOptionTable *table; /* of NNET_OPTION_OPTIONS */
	bool (*takes)(const NNValue *value); /* of NNET_OPTION_VALUE */
	const char *wants;					 /* what that is */
	const char *alone; /* of an option of fit: why fit_gan has none such; or NULL */
} NnetOption;

typedef struct NnetOptionTable
{
	const char *function; /* for messages: "fit" */
	const char *example;  /* for a hint: how options are made */
	const NnetOption *options;
	int n;
} NnetOptionTable;

extern const NnetOption *
nnet_option_find(const NnetOptionTable *table, const char *name); /* or NULL */
/* Whether it leaves the option as it is without it: null, or its default. */
extern bool nnet_option_says_nothing(const NnetOption *option, const NNValue *value);
/* Defaults, then what object says (may be NULL); JSON's nulls leave defaults. */
extern void nnet_options_parse(const NnetOptionTable *table, const NNValue *object, void *options);
/* The seed given in object, or that one, or if it is NULL one drawn from random(). */
extern int64 nnet_options_seed(const NNValue *object, int64 given, const int64 *otherwise);
/* Raise that options (NULL: none) are not those of the group's first row. */
extern void nnet_options_check_same(const Jsonb *first, const Jsonb *now, const char *function);
/* The arguments of a function that makes options, checked; options is room to parse them into. */
extern Jsonb *
nnet_options_arguments(FunctionCallInfo fcinfo, const NnetOptionTable *table, void *options);

typedef enum NnetMonitorMode
{
	NNET_MODE_AUTO, /* by what is monitored */
	NNET_MODE_MIN,
	NNET_MODE_MAX
} NnetMonitorMode;

typedef struct NnetEarlyStopping
{
	bool given;
	const char *monitor;
	double min_delta;
	int patience;
	int mode;		 /* NnetMonitorMode */
	double baseline; /* NaN: none */
	bool restore_best_weights;
	int start_from_epoch;
} NnetEarlyStopping;

typedef struct NnetPlateau
{
	bool given;
	const char *monitor;
	double factor;
	int patience;
	int mode; /* NnetMonitorMode */
	double min_delta;
	int cooldown;
	double min_lr;
} NnetPlateau;

typedef struct NnetFitOptions
{
	int epochs;
	int batch_size;
	double validation_split;
	bool shuffle;
	int64 seed;
	bool verbose;
	const NNValue *class_weight; /* or NULL */
	bool stratify;
	NnetEarlyStopping early_stopping;
	NnetPlateau reduce_lr_on_plateau;
	bool best_weights;
	double time_limit;				/* seconds; 0: none */
	const NNValue *validation_freq; /* or NULL: after each epoch */
	int initial_epoch;
	int steps_per_epoch;		 /* 0: as many as the rows make */
	double learning_rate_factor; /* of the rates that the model is compiled with */
	int concurrency;			 /* trainings at a time that share the threads */
	bool slots;					 /* the optimizer's state is saved */
} NnetFitOptions;

extern const NnetOptionTable nnet_fit_option_table;
/* Defaults, then what jsonb says (may be NULL); seed as in nnet_options_seed. */
extern void nnet_fit_options(Jsonb *jsonb, const int64 *seed, NnetFitOptions *options);
/* How many threads a training with these options has. */
extern int nnet_fit_threads(const NnetFitOptions *options);

/* ---- in epochs.c ---- */

struct NnetSplit;
struct NnetRecorder;
struct NnetSteering;
struct NnetPass;

/* What is known at the end of an epoch. */
typedef struct NnetEpoch
{
	NNScores training;
	NNScores validation;
	double seconds;
	double rate; /* learning rate of the last step */
	bool cut;	 /* time was over before all rows were trained on */
} NnetEpoch;

/* Why a training ended. */
typedef enum NnetEnded
{
	NNET_ENDED_EPOCHS,
	NNET_ENDED_EARLY,
	NNET_ENDED_TIME
} NnetEnded;

typedef struct NnetFitted
{
	int epochs;
	int64 epochs_before; /* in the model's history */
	NnetEpoch *epoch;	 /* the latest: number i at i % NNET_HISTORY_EPOCHS */
	NnetEnded ended;
	int best; /* number of the epoch whose weights are saved for that; -1: the last one's are */
	NnetEpoch best_epoch; /* it */
	uint64 samples;		  /* rows used in an epoch, without validation */
	uint64 validation_samples;
	int64 skipped;
	int64 steps; /* of this training */
	double seconds;
} NnetFitted;

/* Train for all epochs over a split of records, which the recorder wrote. */
extern void nnet_train_epochs(NnetRunner *runner, const struct NnetSplit *split,
							  const struct NnetRecorder *recorder, const NnetFitOptions *options,
							  struct NnetSteering *steering, NnetFitted *fitted);
/* Close an epoch: note what it came to, and say so if verbose. */
extern void nnet_end_epoch(NnetRunner *runner, const NnetFitOptions *options, NnetFitted *fitted,
						   const NnetEpoch *epoch);

/* An epoch is done, or cut off: what follows from it; fitted->ended says whether it is the last. */
extern void
nnet_finish_epoch(NnetRunner *runner, const struct NnetSplit *split, const NnetFitOptions *options,
				  struct NnetSteering *steering, NnetFitted *fitted, const NnetEpoch *epoch);

/* ---- in fit.c ---- */

/*
 * Warn of losses over outputs that they are not meant for.  Not at compile: a generator is
 * compiled with its discriminator's loss.
 */
extern void nnet_warn_of_doubts(const NnetModel *model);

/* ---- in steering.c ---- */

/* Early stopping, the learning rate on plateaus, and the weights of the best epoch. */
typedef struct NnetSteering NnetSteering;

/*
 * Before rows are read: refuses what cannot be monitored, and what there is no memory
 * for.  validation: rows may be for validation.  options and model live as long.
 */
extern NnetSteering *nnet_steering_make(const NnetFitOptions *options, NnetModel *model,
										bool validation, MemoryContext context);
/* Rows are read; validation: some are for validation. */
extern void nnet_steering_begin(NnetSteering *steering, bool validation);
/* After each epoch, which nnet_end_epoch() has noted; sets fitted->ended and best. */
extern void nnet_steer(NnetSteering *steering, const NnetEpoch *epoch, NnetFitted *fitted);
/* The model gets the weights that are to be saved. */
extern void nnet_steering_end(NnetSteering *steering, const NnetFitted *fitted);
extern bool nnet_validation_freq_valid(const NNValue *value);
/* Whether an epoch, from 1 on, ends with validation. */
extern bool nnet_validates(const NnetFitOptions *options, int epoch);

/* ---- in validation.c ---- */

struct NnetDataset;

/*
 * All rows were seen: seal them, and tell which are for what.  chosen are those
 * for validation; NULL: validation_split says.  Refuses to leave none for training.
 */
extern struct NnetSplit nnet_split(const NnetFitOptions *options, struct NnetDataset *dataset,
								   struct NnetDataset *chosen, const char *model);

/*
 * validation_split by classes: of each class as many rows, spread over those
 * that come; the first of a class is always for training.
 */
typedef struct NnetStrata NnetStrata;

/* Refuses a model whose y is not one class a row. */
extern NnetStrata *
nnet_strata_make(const NnetFitOptions *options, const NnetModel *model, MemoryContext context);
/* Whether the next row is for validation, whose record has its targets. */
extern bool
nnet_strata_choose(NnetStrata *strata, const NNRecordFormat *format, const void *record);

/* ---- in report.c ---- */

/* A time as reports give it: in microseconds. */
extern NNValue nnet_value_seconds(double seconds);
/*
 * What the last epoch of a training in the history says of it: why it ended, how many
 * epochs it had, and which of them, from 0 on, was saved for being the best (-1: none).
 */
extern const char *nnet_ended_word(NnetEnded ended);
extern void nnet_value_set_ended(NNValue *entry, NnetEnded ended, int epochs, int best);

/*
 * A history for the model that begins with the latest epochs it has, and has
 * room for the latest of `more`: append those from *first on.
 */
extern NNValue *nnet_history_begin(NnetModel *model, int more, int *first);
/* Append fitted to the history in the model's training row. */
extern void
nnet_report_history(NnetModel *model, NnetFitted *fitted, const NnetFitOptions *options);
/* One of what an epoch or an evaluation came to. */
typedef struct NnetFigure
{
	const char *name;
	double value;
	bool rises; /* the higher, the better */
	/* from 1 on, of a metric that is an array: its elements follow each other; 0: it is a number */
	int element;
} NnetFigure;

/* The loss of a compiled model, then what each output came to; returns how many. */
extern int
nnet_scores_figures(const NnetModel *model, const NNScores *scores, NnetFigure **figures);
/* The number of that figure, if it is one number, else -1. */
extern int nnet_figure_find(const NnetFigure *figures, int n, const char *name);
/* "loss, accuracy": those that are one number, each after a prefix, to what the list has. */
extern void nnet_figures_list(struct StringInfoData *list, const NnetFigure *figures, int n,
							  const char *prefix);
/* A number, or the array whose first element figure i is; *next: the figure after it. */
extern NNValue nnet_figure_value(const NnetFigure *figures, int n, int i, int *next);
/* For an error about a name that is not found: that it is an array, if it is. */
extern int nnet_figure_detail(const NnetFigure *figures, int n, const char *name);
/* Room for the arrays of scores, in the current context. */
extern double *nnet_scores_values(const NnetModel *model);
/* The name of the first of these that is NaN or infinite, and its value; NULL: all are finite. */
extern const char *
nnet_scores_not_finite(const NnetModel *model, const NNScores *scores, double *value);
/* Warn that the query of an aggregate gave no rows: its NULL alone tells nothing. */
extern void nnet_report_no_rows(const char *aggregate);
/* What fit returns: the figures of the epoch whose weights are saved. */
extern Jsonb *
nnet_report_fit(NnetModel *model, const NnetFitted *fitted, const NnetFitOptions *options);
/* What evaluate returns. */
extern Jsonb *nnet_report_evaluate(const NnetModel *model, const NNScores *scores, int64 skipped);

#endif /* NNET_TRAIN_H */
