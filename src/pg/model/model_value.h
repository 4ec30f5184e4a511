/*
 * model_value.h
 *	  The type nnet.model: a whole model as one value.
 *
 * A value knows no oid, no name and no database; values of the same rows are
 * the same bytes.  It is what the rows of a model's table hold, in the order
 * of the machine's bytes, but for what is no part of a model: how long epochs
 * took, and epochs older than the newest.
 *
 *	head	magic, version, digests of structure and of content
 *	rows	as a bytea of its own: their number, then each row as its number and
 *			part and the other columns of nnet.layer
 *	column	its length (NO_FIELD: NULL), then its bytes and zeros up to a multiple
 *			of 4: text in UTF-8, jsonb as its text, text[] as its texts, each like a
 *			column, real[] as the array it is
 *
 * Every byte may be a stranger's: nnet_model_value_rows checks lengths,
 * encodings and digests, and what the rows say is checked as those of a table.
 */
#ifndef NNET_MODEL_VALUE_H
#define NNET_MODEL_VALUE_H

#include "pg/model/model.h"

#define NNET_VALUE_NAME "value" /* in messages, where it has none */

typedef struct NnetModelValue
{
	int32 vl_len_;
	uint32 magic;
	uint32 version;
	uint8 structure[NNET_DIGEST_BYTES]; /* without training, weights and slots */
	uint8 content[NNET_DIGEST_BYTES];	/* of all rows */
	int32 rows_len_;					/* the rows begin here: a bytea */
	char rows[FLEXIBLE_ARRAY_MEMBER];
} NnetModelValue;

/*
 * Make a value of rows, in the current context.  slots: with the state of the
 * optimizer.  name is the model's, for messages.
 */
extern NnetModelValue *
nnet_model_value_make(const NnetLayerRow *rows, int n, bool slots, const char *name);
/*
 * What messages call the model of a value's rows.  A value has no name, but what
 * is made of a table for a call within another is told the table's: its errors are
 * about that model.
 */
extern void nnet_value_set_name(NnetLayerRow *rows, int n, const char *name);
extern const char *nnet_value_name(const NnetLayerRow *rows, int n);
/* Their model, as of nnet_model_load_rows(). */
extern NnetModel *nnet_value_rows_load(NnetLayerRow *rows, int n, int flags, MemoryContext parent);
/*
 * Its rows, in the current context, pointing into the value, which must stay.
 * Raises an error for anything that is no value.
 */
extern NnetLayerRow *nnet_model_value_rows(const NnetModelValue *value, int *n);
/* The value of an argument, read from TOAST; it is aligned. */
extern NnetModelValue *nnet_model_value_get(Datum datum);
/* What nnet_model_load does, of a value. */
extern NnetModel *nnet_model_value_load(Datum datum, int flags, MemoryContext parent);
/*
 * Of the rows that a model was loaded from: a value without what its training
 * will write.  Changes the rows.
 */
extern NnetModelValue *nnet_model_value_rest(const NnetModel *model, NnetLayerRow *rows, int n);
/* The trained model as a value, in the current context, with that rest. */
extern NnetModelValue *nnet_model_value_save(NnetModel *model, const NnetModelValue *rest);
/*
 * A value of a model's rows, in the current context, with the weights, and if the
 * optimizer has any, the slots that the model has in memory.  Changes the rows.
 */
extern NnetModelValue *nnet_model_value_weights(NnetModel *model, NnetLayerRow *rows, int n);
/*
 * The digest of a value's content, read without the rest.  recent keeps it for
 * the next call, which is likely with the same value; begins as zeros.
 */
typedef struct NnetRecentValue
{
	bool stored; /* pointer is set */
	char pointer[24];
	uint8 content[NNET_DIGEST_BYTES];
} NnetRecentValue;

extern const uint8 *nnet_model_value_content(Datum datum, NnetRecentValue *recent);

/* ---- in model_type.c: the bytes of such types as text, base64 ---- */

extern struct varlena *nnet_bytes_in(const char *text, const char *type);
extern char *nnet_bytes_out(const struct varlena *value, const char *type);

#endif /* NNET_MODEL_VALUE_H */
