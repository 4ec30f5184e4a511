/*
 * field.h
 *	  Options and the tables that read them from a configuration (field.c).
 */
#ifndef NN_FIELD_H
#define NN_FIELD_H

#include <math.h>

#include "core/base/error.h"

#define NN_ARRAY_LENGTH(a) ((int) (sizeof(a) / sizeof((a)[0])))

typedef enum NNFieldType
{
	NN_FIELD_TYPE_INT,	/* int */
	NN_FIELD_TYPE_REAL, /* double */
	NN_FIELD_TYPE_BOOL, /* bool */
	NN_FIELD_TYPE_WORD, /* int, from words */
	NN_FIELD_TYPE_INTS, /* int[count] + nothing: one number fills all, or exactly count; NULL: all INT_MIN */
	NN_FIELD_TYPE_PAIRS, /* int[count]: a number fills all, count / 2 numbers a pair each, or [[a, b], ...] */
	NN_FIELD_TYPE_REALS, /* NNReals or NNManyReals: one number or a list of up to count */
	NN_FIELD_TYPE_SHAPE, /* NNInts: a number or a list of up to count, none 0; null becomes NN_ANY */
	NN_FIELD_TYPE_LIST,	 /* NNInts: a number or a list of up to count */
	NN_FIELD_TYPE_NUMBERS,	   /* NNNumbers: a number or a list of any length */
	NN_FIELD_TYPE_INITIALIZER, /* NNInitializer */
	NN_FIELD_TYPE_REGULARIZER, /* NNRegularizer; max 0: without orthogonal */
	NN_FIELD_TYPE_CONSTRAINT,  /* NNConstraint */
	NN_FIELD_TYPE_CLIPPING,	   /* NNClipping; not given: none */
	NN_FIELD_TYPE_LAYER,	   /* nothing stored: a wrapper's inner layer, read by the graph */
	NN_FIELD_TYPE_OTHER_LAYER, /* bool, whether it is given: another one, else the same again */
	NN_FIELD_TYPE_WORDS, /* int[count]: up to count words, -1 after the last; not given: none */
	NN_FIELD_TYPE_TEXT,	 /* char[NN_MAX_TEXT]; not given: empty */
	NN_FIELD_TYPE_TEXTS, /* NNTexts: a list of short texts; not given: none */
	NN_FIELD_TYPE_GIVEN, /* int: 0 if it is not given, else 1, or of an array how many; kept for the glue */
	NN_FIELD_TYPE_IGNORED /* accepted and kept in the table, for the glue (vocabulary) */
} NNFieldType;

#define NN_MAX_REALS 14		  /* of NNReals */
#define NN_MAX_MANY_REALS 128 /* of NNManyReals, which begins alike */

typedef struct NNReals
{
	int count; /* 0: not given */
	double value[NN_MAX_REALS];
} NNReals;

typedef struct NNManyReals
{
	int count;
	double value[NN_MAX_MANY_REALS];
} NNManyReals;

/* Numbers that stay where they were read: they live as long as that. */
typedef struct NNNumbers
{
	int count; /* 0: not given */
	const NNValue *items;
} NNNumbers;

#define NN_MAX_TEXTS 8 /* of NNTexts */
#define NN_MAX_TEXT 64 /* bytes of each, with its end */

typedef struct NNTexts
{
	int count;
	char text[NN_MAX_TEXTS][NN_MAX_TEXT];
} NNTexts;

/* What a parameter tensor is held to: NN_FIELD_RULES. */
typedef struct NNRules
{
	NNRegularizer regularizer;
	NNConstraint constraint;
} NNRules;

extern const NNWord nn_constraint_words[];

typedef struct NNField
{
	const char *name;
	NNFieldType type;
	size_t offset; /* in the configuration */
	bool required;
	double def;		 /* default; of a word its value; of INTS each */
	double min, max; /* inclusive */
	const NNWord *words;
	int count; /* of INTS, REALS, SHAPE and LIST */
} NNField;

#define NN_FIELD_INT(s, m, required, def, min, max)                             \
	{                                                                           \
#m, NN_FIELD_TYPE_INT, offsetof(s, m), required, def, min, max, NULL, 0 \
	}
#define NN_FIELD_REAL(s, m, required, def, min, max)                             \
	{                                                                            \
#m, NN_FIELD_TYPE_REAL, offsetof(s, m), required, def, min, max, NULL, 0 \
	}
#define NN_FIELD_BOOL(s, m, def)                                          \
	{                                                                     \
#m, NN_FIELD_TYPE_BOOL, offsetof(s, m), false, def, 0, 1, NULL, 0 \
	}
#define NN_FIELD_WORD(s, m, words, def)                                    \
	{                                                                      \
#m, NN_FIELD_TYPE_WORD, offsetof(s, m), false, def, 0, 0, words, 0 \
	}
#define NN_FIELD_ACTIVATION(s, m, def) NN_FIELD_WORD(s, m, nn_activation_words, def)
#define NN_FIELD_INTS(s, m, count, required, def, min, max)                          \
	{                                                                                \
#m, NN_FIELD_TYPE_INTS, offsetof(s, m), required, def, min, max, NULL, count \
	}
#define NN_FIELD_INITIALIZER(s, m, def)                                                          \
	{                                                                                            \
#m, NN_FIELD_TYPE_INITIALIZER, offsetof(s, m), false, def, 0, 0, nn_initializer_words, 0 \
	}
#define NN_FIELD_REGULARIZER_AT(name, s, m, most)                                   \
	{                                                                               \
		name, NN_FIELD_TYPE_REGULARIZER, offsetof(s, m), false, 0, 0, most, NULL, 0 \
	}
/* Options kernel_regularizer and kernel_constraint, say, to the NNRules kernel. */
#define NN_FIELD_RULES(s, m)                                                                   \
	NN_FIELD_REGULARIZER_AT(#m "_regularizer", s, m.regularizer, 1),                           \
	{                                                                                          \
#m "_constraint", NN_FIELD_TYPE_CONSTRAINT, offsetof(s, m.constraint), false, 0, 0, 0, \
			nn_constraint_words, 0                                                             \
	}
/* Of outputs, which are no matrix. */
#define NN_FIELD_ACTIVITY(s) \
	NN_FIELD_REGULARIZER_AT("activity_regularizer", s, activity_regularizer, 0)
#define NN_FIELD_CLIPPING(s, m)                                             \
	{                                                                       \
#m, NN_FIELD_TYPE_CLIPPING, offsetof(s, m), false, 0, 0, 0, NULL, 0 \
	}
#define NN_FIELD_PAIRS(s, m, count, required, def, min, max)                          \
	{                                                                                 \
#m, NN_FIELD_TYPE_PAIRS, offsetof(s, m), required, def, min, max, NULL, count \
	}
#define NN_FIELD_REALS(s, m, count, required, min, max)                             \
	{                                                                               \
#m, NN_FIELD_TYPE_REALS, offsetof(s, m), required, 0, min, max, NULL, count \
	}
/* min 1 refuses -1 (null is the way to a variable dimension); min -1 takes it as well */
#define NN_FIELD_SHAPE(s, m, count, required, min)                                           \
	{                                                                                        \
#m, NN_FIELD_TYPE_SHAPE, offsetof(s, m), required, 0, min, NN_MAX_UNITS, NULL, count \
	}
/* whole numbers, as they are */
#define NN_FIELD_LIST(s, m, count, min, max)                                    \
	{                                                                           \
#m, NN_FIELD_TYPE_LIST, offsetof(s, m), false, 0, min, max, NULL, count \
	}
#define NN_FIELD_NUMBERS(s, m, required, min, max)                                \
	{                                                                             \
#m, NN_FIELD_TYPE_NUMBERS, offsetof(s, m), required, 0, min, max, NULL, 0 \
	}
#define NN_FIELD_LAYER                                          \
	{                                                           \
		"layer", NN_FIELD_TYPE_LAYER, 0, true, 0, 0, 0, NULL, 0 \
	}
#define NN_FIELD_OTHER_LAYER(s, m)                                             \
	{                                                                          \
#m, NN_FIELD_TYPE_OTHER_LAYER, offsetof(s, m), false, 0, 0, 0, NULL, 0 \
	}
#define NN_FIELD_WORDS(s, m, count, words)                                     \
	{                                                                          \
#m, NN_FIELD_TYPE_WORDS, offsetof(s, m), false, -1, 0, 0, words, count \
	}
#define NN_FIELD_TEXTS(s, m)                                             \
	{                                                                    \
#m, NN_FIELD_TYPE_TEXTS, offsetof(s, m), false, 0, 0, 0, NULL, 0 \
	}
#define NN_FIELD_GIVEN(s, m)                                             \
	{                                                                    \
#m, NN_FIELD_TYPE_GIVEN, offsetof(s, m), false, 0, 0, 0, NULL, 0 \
	}
#define NN_FIELD_IGNORED(name)                                  \
	{                                                           \
		name, NN_FIELD_TYPE_IGNORED, 0, false, 0, 0, 0, NULL, 0 \
	}
#define NN_FIELD_END                                        \
	{                                                       \
		NULL, NN_FIELD_TYPE_INT, 0, false, 0, 0, 0, NULL, 0 \
	}

/*
 * Set all fields of conf to defaults, then from the object.  what names the
 * thing in messages ("layer \"dense_1\"").  common lists keys that belong to
 * every such thing and are passed over; may be NULL.
 */
extern bool nn_fields_parse(const NNField *fields, void *conf, const NNValue *object,
							const char *what, const char *const *common, NNError *error);

/* Fields and where they are put. */
typedef struct NNFields
{
	const NNField *fields;
	void *conf;
} NNFields;

/* The same of an object whose options are in n tables, one after the other. */
extern bool nn_fields_parse_all(const NNFields *tables, int n, const NNValue *object,
								const char *what, const char *const *common, NNError *error);
/* "a, b, c" of words (synonyms too) or fields, for a hint. */
extern void nn_words_list(const NNWord *words, char *buf, size_t size);

/* What one option's parser needs to know, for its messages too. */
typedef struct NNPlace
{
	const char *what; /* "layer \"dense_1\"" */
	const NNField *field;
	NNError *error;
} NNPlace;

/* expected is a noun: "a number". */
extern bool nn_field_wrong_type(const NNPlace *place, const char *expected, const NNValue *value);

#endif /* NN_FIELD_H */
