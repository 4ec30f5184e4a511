/*
 * tally.h
 *	  States of the aggregates over truth and what was predicted: what they share.
 *
 * A tally is of SQL's type bytea: flat between processes, and while rows come an
 * expanded object, a child of the aggregate's context that is changed in place.
 * It is labels, numbered in the order they came, and items that go by those
 * numbers.  Final functions may sort it, which changes nothing that it says.
 */
#ifndef NNET_TALLY_H
#define NNET_TALLY_H

#include "pg/nnet.h"

#include "utils/expandeddatum.h"

#define TALLY_LOOK \
	0xffff /* where these bits of an item's number are 0, interrupts are looked for */

/* What the labels of all rows of a query are, however they are written. */
typedef enum LabelKind
{
	LABEL_INTEGER,
	LABEL_FLOAT,
	LABEL_BOOLEAN,
	LABEL_TEXT
} LabelKind;

typedef struct Label
{
	int64 integer; /* of booleans too */
	double real;
	const char *text; /* not ended */
	int length;
} Label;

/* What the items are. */
typedef enum TallyKind
{
	TALLY_PAIRS = 1, /* TallyPair */
	TALLY_SCORES,	 /* TallyScore */
	TALLY_LIKELIHOOD /* for each label 1 + width sums: weights, and weights times the logarithm of each probability */
} TallyKind;

typedef struct TallyPair
{
	int32 truth;
	int32 predicted;
	double weight;
} TallyPair;

/* Of one row, or of several of equal score and label. */
typedef struct TallyScore
{
	double score;
	double weight; /* negative: of label 0; positive: of label 1 */
} TallyScore;

/* Numbers by the hash of what has them; 0: none, else the number plus one. */
typedef struct Places
{
	uint32 *at;
	uint32 size; /* a power of two, or 0 */
} Places;

typedef struct Tally
{
	ExpandedObjectHeader header;
	TallyKind kind;
	LabelKind labels_are;
	int32 width;	/* columns of TALLY_LIKELIHOOD */
	int32 bins;		/* of a calibration curve */
	int32 quantile; /* whether these are of as many rows each */
	int32 n_labels;
	int32 labels_room;
	Label *labels;
	Places label_places;
	int64 n;	/* items */
	int64 room; /* for items */
	void *items;
	Places pair_places;
	bool sorted;	/* scores: from the highest */
	bool distinct;	/* scores: hardly any are equal */
	size_t counted; /* bytes */
	MemoryContextCallback release;
} Tally;

/* ---- labels.c ---- */

/* How values of one argument are read; kept for the query. */
typedef struct LabelReader
{
	Oid type; /* as declared, a domain's base */
	LabelKind kind;
	bool trimmed; /* bpchar */
	FmgrInfo output;
} LabelReader;

/* what: "truth" or "predicted". */
extern void
label_reader_make(LabelReader *reader, Oid type, const char *what, MemoryContext context);
extern LabelKind label_common_kind(LabelKind truth, LabelKind predicted);
/* A value as a label of that kind; its text may point into value or the current context. */
extern Label label_read(LabelReader *reader, Datum value, LabelKind kind, const char *what);
extern char *label_text(LabelKind kind, const Label *label);
extern int label_compare(LabelKind kind, const Label *a, const Label *b);
extern uint32 label_hash(LabelKind kind, const Label *label);

/* ---- tally.c ---- */

/* A new one, in the aggregate's context. */
extern Tally *tally_make(TallyKind kind, LabelKind labels_are, MemoryContext context);
/* The state of a call, to be changed.  Raises an error unless it is of that kind. */
extern Tally *tally_change(Datum state, TallyKind kind, MemoryContext context);
/* To be looked at, by a final function or as what is to be added to another (of any kind, if that is 0). */
extern Tally *tally_look(Datum state, TallyKind kind);
/* As the result of a transition. */
#define TallyGetDatum(tally) EOHPGetRWDatum(&(tally)->header)
/* The context for states; errors if the function was not called by an aggregate. */
extern MemoryContext tally_context(FunctionCallInfo fcinfo);

/* Numbers of labels, new or old. */
extern int tally_label(Tally *tally, const Label *label);
extern void tally_pair(Tally *tally, int truth, int predicted, double weight);
extern void tally_score(Tally *tally, int label, double score, double weight);
/* The sums of each label, after making room for those of a new one. */
extern double *tally_sums(Tally *tally, int label);

/* Labels in their order: numbers of them, palloc'd. */
extern int *tally_order(const Tally *tally);
/*
 * Which of two labels is looked for: the greater; of one alone, whether it is.
 * -1: that cannot be told, or there are more.
 */
extern int tally_positive(const Tally *tally);
extern void tally_sort(Tally *tally);

/* The value, which is an error unless it is finite: sums of large weights are not. */
extern double tally_finite(double value);
/* A weight that may be there; false: the row is passed over. */
extern bool tally_weight(FunctionCallInfo fcinfo, int argument, double *weight);

/* Rows as an array of a composite type: that which the function returns. */
typedef struct RowArray
{
	Oid element;
	TupleDesc row;
	Datum *values;
	int64 n;
	int64 room;
} RowArray;

extern void row_array_begin(RowArray *array, FunctionCallInfo fcinfo);
extern void row_array_add(RowArray *array, const Datum *values, const bool *nulls);
extern Datum row_array_end(RowArray *array);

#endif /* NNET_TALLY_H */
