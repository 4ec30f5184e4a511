/*
 * fields.h
 *	  A value with named parts, taken apart: the x of a model of several inputs,
 *	  the y of one of several outputs (fields.c).
 */
#ifndef NNET_FIELDS_H
#define NNET_FIELDS_H

#include "pg/nnet.h"

/* What becomes of a field of jsonb. */
typedef enum NnetJsonForm
{
	NNET_JSON_REALS,   /* numbers and booleans, in arrays too: float8[] */
	NNET_JSON_TEXT,	   /* text, of numbers and booleans theirs */
	NNET_JSON_TEXTS,   /* text[], of one value an array of it */
	NNET_JSON_NUMBER,  /* numeric */
	NNET_JSON_NUMBERS, /* numeric[], of one value an array of it */
	NNET_JSON_AS_IT_IS /* text, numeric, boolean, of an array float8[] or text[] */
} NnetJsonForm;

/* One part, that a port takes. */
typedef struct NnetField
{
	const char *name;
	NnetJsonForm form;
	const NNShape *shape; /* of an input, to refuse what is far too long for it early; or NULL */
	/* as of the value taken last */
	Oid type;
	Datum value;
	bool isnull;
	int column; /* in the row, from 0; -1: there is none yet */
} NnetField;

typedef struct NnetFields NnetFields;

/*
 * For values of that type, what is "x" or "y" of a model.  NULL where its only
 * port takes the value as it is.  Types of fields are set at once if the type
 * tells them, else (record, jsonb) InvalidOid until a value was taken.
 */
extern NnetFields *nnet_fields_make(Oid type, const char *what, const char *model, int n,
									const NnetField *fields, MemoryContext context);
/* Take a value apart; what fields are is valid until the next. */
extern void nnet_fields_take(NnetFields *fields, Datum value);
/* Whether values are rows of one type, known from the start; of such a one the columns, attribute i at columns[i]. */
extern bool nnet_fields_are_columns(const NnetFields *fields);
extern void nnet_fields_take_columns(NnetFields *fields, const Datum *values, const bool *nulls,
									 const int *columns);
extern const NnetField *nnet_fields_get(const NnetFields *fields, int i);

#endif /* NNET_FIELDS_H */
