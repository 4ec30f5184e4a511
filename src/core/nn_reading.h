/*
 * nn_reading.h
 *	  How the values of a model's inputs come from what rows have, where that
 *	  is more than to take numbers as they are.
 */
#ifndef NN_READING_H
#define NN_READING_H

#include "core/nn.h"

/*
 * How the caller makes the values of an input, where a row is read: by what
 * the layer that it feeds says, which then takes them as they are.
 */
typedef enum NNReadAs
{
	NN_READ_NUMBERS,  /* nothing to do */
	NN_READ_TOKENS,	  /* texts as ids of tokens: 0 padding, 1 unknown, then the vocabulary */
	NN_READ_STRINGS,  /* strings as ids of a vocabulary */
	NN_READ_INTEGERS, /* integers of 64 bits as such */
	NN_READ_HASHES,	  /* anything as the hash of its text */
	NN_READ_DATES	  /* dates and times as their parts */
} NNReadAs;

/* Parts of dates, in their order: bits of what is wanted. */
#define NN_DATE_TREND 1	  /* (t - origin) / deviation */
#define NN_DATE_HOUR 2	  /* the time of the day */
#define NN_DATE_WEEKDAY 4 /* from Sunday on */
#define NN_DATE_YEARDAY 8
#define NN_DATE_MISSING 16
#define NN_DATE_ALL 31
#define NN_DATE_PARTS 5
/* How many numbers those parts are. */
extern int nn_date_width(unsigned parts);

typedef struct NNTextOptions
{
	bool lower;				/* A-Z to a-z */
	bool strip_punctuation; /* that of ASCII */
	bool characters;		/* tokens are characters, else what white space splits */
	int max_tokens;			/* ids, padding and unknown included; 0: no limit */
} NNTextOptions;

typedef struct NNReading
{
	NNReadAs as;
	int layer;			/* that says so */
	NNTextOptions text; /* of tokens */
	/* of strings and integers: ids of what is not in the vocabulary, before its own */
	int max_tokens; /* all ids; 0: no limit */
	int num_oov;
	int first_oov;
	int missing; /* the id of what is missing, if masked, and of nothing: 0, or -1: no place */
	/* of those and of hashes: there is a value that stands for what is missing */
	bool masked;
	/* of hashes */
	int bins;
	bool salted;
	uint64_t salt[2];
	unsigned parts; /* of dates */
} NNReading;

/* What the layer says of the input that it is right after; false: nothing. */
extern bool nn_layer_reading(const NNLayer *layer, NNReading *reading);
/* The same of an input; the layer that says so is after it, and the only one. */
extern void nn_model_reading(const NNModel *model, int input, NNReading *reading);
/*
 * Whether what the model makes of an input is the same if a number is taken
 * from all of its values before anything is learned of them: so an origin can
 * be subtracted that makes their differences fit into a real.  Layers that have
 * learned already (params) know another one.
 */
extern bool nn_model_origin_free(const NNModel *model, int input, const nn_real *params);

#endif /* NN_READING_H */
