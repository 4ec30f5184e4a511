/*
 * nn_rules.h
 *	  The part of nn.h that is of what parameters, and activities, are held to while a
 *	  model is trained.  nn.h includes it.
 */
#ifndef NN_CORE_RULES_H
#define NN_CORE_RULES_H

typedef struct NNInts
{
	int count; /* 0: not given */
	int value[NN_MAX_DIMS];
} NNInts;

typedef struct NNRegularizer
{
	double l1, l2;
	double orthogonal; /* of the rows of a matrix to each other; 0: not wanted */
	int mode;		   /* of that: NN_ROWS or NN_COLUMNS */
} NNRegularizer;

enum
{
	NN_ROWS,
	NN_COLUMNS
};

typedef enum NNConstraintKind
{
	NN_NO_CONSTRAINT,
	NN_MAX_NORM,
	NN_MIN_MAX_NORM,
	NN_NON_NEG,
	NN_UNIT_NORM
} NNConstraintKind;

typedef struct NNConstraint
{
	NNConstraintKind kind;
	double min_value;
	double max_value;
	double rate;
	NNInts axis; /* that norms go along */
} NNConstraint;

/* What batch renormalization may do to values normalized by the batch: times r, plus d. */
typedef struct NNClipping
{
	double rmin, rmax; /* of r */
	double dmax;	   /* of d either way */
} NNClipping;

#endif /* NN_CORE_RULES_H */
