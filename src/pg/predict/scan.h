/*
 * scan.h
 *	  The batched scan: plain predict and classify at the speed of
 *	  predict_batch.  scan_plan.c puts its nodes into finished plans, by what
 *	  scan_safe.c allows; scan.c runs them.
 *
 * A node lies over the plan that gives rows and reads some of them ahead.  Its
 * tuples have, after the columns of that plan, two for each call:
 * the prediction, NULL where there is none, and the call's number for messages.
 * Expressions above say COALESCE(prediction, call): where a batch has
 * nothing, the call is made as it was written, where it was written.  So
 * whatever may go wrong is left to it, and a batch raises no error of a row.
 */
#ifndef NNET_SCAN_H
#define NNET_SCAN_H

#include "pg/nnet.h"

#include "nodes/extensible.h"
#include "nodes/plannodes.h"

#define NNET_SCAN_NAME "NnetPredict"

/* What CustomScan.custom_private holds, in this order; custom_exprs are the calls. */
enum
{
	NNET_SCAN_FACTS,  /* list of integers, by number: NNET_FACT_... */
	NNET_SCAN_OFFSET, /* of a LIMIT above that ends the scan, or NULL */
	NNET_SCAN_COUNT,  /* or NULL */
	NNET_SCAN_FIELDS
};
enum
{
	NNET_FACT_COLUMNS, /* of the plan below */
	NNET_FACT_EARLY,   /* the first so many of plan.qual are evaluated before a prediction */
	NNET_FACT_QUALS,   /* calls are in plan.qual, and what is not there too has none */
	NNET_FACT_CERTAIN, /* NnetCertainty of rows that are predicted */
	NNET_FACT_ALONE,   /* there are parallel workers: no threads */
	NNET_FACT_LIMITED, /* OFFSET or COUNT is given */
	NNET_FACT_COUNT
};

/* What the scan does with a row whose calls are predicted, its later conditions and its targetlist. */
typedef enum NnetCertainty
{
	NNET_CERTAIN_NEVER, /* may fail, or do anything */
	NNET_CERTAIN_TRIED, /* may be tried beforehand */
	NNET_CERTAIN_ALWAYS /* never fails */
} NnetCertainty;

/* ---- in scan.c ---- */

extern const CustomScanMethods nnet_scan_methods;

/* ---- in scan_plan.c ---- */

extern void nnet_scan_define(void); /* at load */
/* The planner has met a call of predict or classify. */
extern void nnet_scan_noticed(void);

/* ---- in scan_expr.c ---- */

/* What expressions become when a scan gives calls and columns. */
typedef struct NnetMapping
{
	List *calls;
	List *atoms;	/* columns of the scan, in order; NIL: they stay as they are */
	int varno;		/* of the scan's columns */
	int first_call; /* resno of the first prediction, less 1 */
	bool bare;		/* calls become the prediction alone */
	bool rows;		/* whole rows of a table become rows of its columns */
} NnetMapping;

/* Calls that can be batched and that every row evaluates, in an expression or a list of them. */
extern List *nnet_calls_in(const void *expr);
/*
 * A walker.  What the node itself must give for an expression: columns, and
 * what only its kind can evaluate.  They join the mapping's.
 */
extern bool nnet_find_atoms(Node *node, NnetMapping *mapping);
/* A mutator: calls become COALESCE(prediction, call), columns those of the scan. */
extern Node *nnet_map_expr(Node *node, void *mapping);
/* Where an equal node is in a list, or -1. */
extern int nnet_position(List *list, Node *node);
/* A Var of such a type. */
extern Var *nnet_column(int varno, int number, const void *like);

/* ---- in scan_safe.c ---- */

/* What a call wants of a model's outputs. */
typedef struct NnetCallKind
{
	bool classifies;
	bool names_output; /* by its third argument */
	bool steps;		   /* classifies each step */
} NnetCallKind;

/* Whether the function is nnet.predict or nnet.classify themselves. */
extern bool nnet_is_predict(Oid function, NnetCallKind *kind);
/* Whether calls of it can be predicted from rows read ahead. */
extern bool nnet_call_is_batchable(const FuncExpr *call);
/* An expression that raises no error, whatever the row. */
extern bool nnet_expr_never_fails(Node *expr);
/* One whose error may be caught and forgotten: it is pure, and of built-in functions. */
extern bool nnet_expr_may_be_tried(Node *expr);
/* A join whose joinqual only refuses rows that it would give else. */
extern bool nnet_joinqual_is_filter(const Plan *plan);
/* Rows of the plan, beside its own targetlist and qual, may be read though nobody wants them yet. */
extern bool nnet_plan_reads_ahead(const PlannedStmt *statement, Plan *plan);

#endif /* NNET_SCAN_H */
