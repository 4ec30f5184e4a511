/*
 * port.h
 *	  The x of a model, port by port: how each of its inputs reads its part
 *	  (port.c).
 */
#ifndef NNET_PORT_H
#define NNET_PORT_H

#include "pg/data/column.h"
#include "pg/data/data.h"
#include "pg/data/fields.h"
#include "pg/data/origin.h"

/* One input of a model. */
typedef struct NnetPort
{
	const char *name; /* its layer's */
	const char *what; /* for messages: x, or '"photo" of x' */
	NNShape shape;	  /* NN_ANY in a variable one */
	size_t size;	  /* values of it, or of a step of a variable one */
	bool variable;
	int ids; /* what values must be below, if they feed an embedding; else 0 */
	bool takes_text;
	NnetColumnOf column_of; /* how else values are read; layer NULL: as numbers */
	bool takes_missing;		/* NULL and NaN, as NaN */
	bool whole;				/* values must be whole numbers */
	bool learn;				/* its vocabulary is to be learned */
	Oid type;				/* of its values; InvalidOid: not known yet */
	MemoryContext reading;	/* of what follows from the type */
	NnetReader *reader;
	NnetText *text;
	NnetColumn *column;
	NnetOrigins *origins; /* of numbers; NULL: none */
	bool bytes;			  /* its values stay bytes */
	float *missing;		  /* NaN for each value; NULL: none yet */
	size_t n_missing;
	/* the row at hand */
	const void *x;
	size_t count;
} NnetPort;

struct NnetInputs
{
	MemoryContext context;
	char *model;		/* its name */
	NnetFields *fields; /* NULL: x is the only port's, as it is */
	uint64 compared;	/* the model that ports were compared with last (NnetModel.loaded) */
	bool measures;		/* what rounding takes away */
	bool ahead;			/* nobody may want the rows */
	bool runs_others;	/* of a type that came with a row: it was refused */
	int n;
	NnetPort *ports; /* the model's inputs, in their order */
	float *values;	 /* of several, end to end */
	size_t room;
};

#endif /* NNET_PORT_H */
