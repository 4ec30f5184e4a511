/*
 * text.c
 *	  Texts to ids of their tokens, and learning a vocabulary from them.
 *
 * As Keras does on TensorFlow: only the letters A to Z become small ones, and
 * only ASCII's punctuation and white space count, so that a model reads a text
 * alike in every database; characters are those of the server's encoding.  In
 * every server encoding the bytes of ASCII stand for nothing else.
 *
 * While a vocabulary is learned, tokens get provisional ids in the order in
 * which they appear, as int32 where a record has a real; nnet_text_learned
 * sorts by how often they came, and nnet_text_final then gives the ids for all
 * records.
 *
 * Lifetimes: a NnetText lives in the context given to nnet_text_make.  The
 * text at hand is a copy, so that nothing else needs to stay.
 */
#include "pg/data/data.h"

#include <limits.h>

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "parser/parse_coerce.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

/* So many bytes are gone through between two looks for interrupts. */
#define BYTES_A_LOOK ((size_t) 1 << 16)

struct NnetText
{
	MemoryContext context;
	const char *what;
	char *model;
	Oid type;
	bool varlena;
	FmgrInfo output;	 /* of types that are not text at heart */
	StringInfoData text; /* at hand */
	float *ids;
	size_t room;

	/* while a vocabulary is learned */
	bool counts_tokens;		/* x's do: y's are x's too */
	MemoryContext learning; /* NULL: not */
	NnetTokens *seen;		/* by provisional id - NNET_TOKEN_FIRST */
	int64 *counts;
	int counts_room;
	int32 *tail; /* of the text at hand */
	size_t n_tail;
	size_t tail_room;
	int *final; /* by provisional id, once learned */
};

/* ---- setting up ---- */

static void
refuse_type(const NnetText *text)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("%s has type %s, but model \"%s\" takes texts", text->what,
					format_type_be(text->type), text->model),
			 errhint("Give a text; for the numbers of tokens, "
					 "make a model without text_vectorization.")));
}

NnetText *
nnet_text_make(Oid type, const char *what, const char *model, bool learn, MemoryContext context)
{
	NnetText *text = MemoryContextAllocZero(context, sizeof(NnetText));
	MemoryContext old = MemoryContextSwitchTo(context);
	Oid function;
	bool varlena;

	text->context = context;
	text->what = pstrdup(what);
	text->model = pstrdup(model);
	if (!OidIsValid(type))
		ereport(ERROR,
				(errcode(ERRCODE_INDETERMINATE_DATATYPE),
				 errmsg("could not determine the type of %s", what)));
	text->type = getBaseType(type);
	if (!nnet_type_is_label(text->type))
		refuse_type(text);
	text->varlena = IsBinaryCoercible(text->type, TEXTOID);
	if (!text->varlena && text->type != UNKNOWNOID)
	{
		getTypeOutputInfo(text->type, &function, &varlena);
		fmgr_info_cxt(function, &text->output, context);
	}
	initStringInfo(&text->text);
	if (learn)
	{
		text->learning = AllocSetContextCreate(context, "nnet tokens", ALLOCSET_DEFAULT_SIZES);
		text->seen = nnet_tokens_make(text->learning);
		text->counts_tokens = true;
	}
	MemoryContextSwitchTo(old);
	return text;
}

void
nnet_text_share(NnetText *text, const NnetText *with)
{
	text->learning = with->learning;
	text->seen = with->seen;
}

bool
nnet_text_learning(const NnetText *text)
{
	return text->learning != NULL;
}

bool
nnet_text_runs_others(const NnetText *text)
{
	return OidIsValid(text->output.fn_oid) && !nnet_function_is_servers(text->output.fn_oid);
}

size_t
nnet_text_learning_bytes(const NnetText *text)
{
	return MemoryContextMemAllocated(text->learning, false);
}

/* ---- a text and its tokens ---- */

void
nnet_text_take(NnetText *text, Datum value)
{
	resetStringInfo(&text->text);
	if (text->varlena)
	{
		struct varlena *bytes = PG_DETOAST_DATUM_PACKED(value);
		int length = VARSIZE_ANY_EXHDR(bytes);

		nnet_check_interrupts();
		if (text->type == BPCHAROID)
			length = bpchartruelen(VARDATA_ANY(bytes), length);
		appendBinaryStringInfo(&text->text, VARDATA_ANY(bytes), length);
		if ((Pointer) bytes != DatumGetPointer(value))
			pfree(bytes);
	}
	else if (text->type == UNKNOWNOID)
		appendStringInfoString(&text->text, DatumGetCString(value));
	else
	{
		char *string = OutputFunctionCall(&text->output, value);

		appendStringInfoString(&text->text, string);
		pfree(string);
	}
}

static bool
is_white_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool
is_punctuation(char c)
{
	return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
		(c >= '{' && c <= '~');
}

static void
standardize(StringInfo text, const NNTextOptions *options)
{
	char *to = text->data;

	for (const char *from = text->data; *from != '\0'; from++)
	{
		if ((size_t) (from - text->data) % BYTES_A_LOOK == 0)
			nnet_check_interrupts();
		if (options->strip_punctuation && is_punctuation(*from))
			continue;
		*to++ = options->lower && *from >= 'A' && *from <= 'Z' ? *from - 'A' + 'a' : *from;
	}
	*to = '\0';
	text->len = (int) (to - text->data);
}

/* How many bytes of a text are white space, or are none, before the first that is otherwise. */
static size_t
run_length(const char *bytes, bool white_space)
{
	size_t n = 0;

	for (; bytes[n] != '\0' && is_white_space(bytes[n]) == white_space; n++)
		if (n % BYTES_A_LOOK == BYTES_A_LOOK - 1)
			nnet_check_interrupts();
	return n;
}

/* The next token at *at, which moves past it; NULL at the end. */
static const char *
next_token(const char **at, const NNTextOptions *options, int *length)
{
	const char *token = *at;

	if (!options->characters)
		token += run_length(token, true);
	if (*token == '\0')
		return NULL;
	*length = options->characters ? (int) strnlen(token, pg_mblen(token))
								  : (int) run_length(token, false);
	*at = token + *length;
	return token;
}

/* Have counts for tokens up to that number. */
static void
extend_counts(NnetText *text, int number)
{
	while (number >= text->counts_room)
	{
		int room = Max(1024, 2 * text->counts_room);

		text->counts = text->counts == NULL
			? MemoryContextAllocHuge(text->learning, room * sizeof(int64))
			: repalloc_huge(text->counts, room * sizeof(int64));
		memset(text->counts + text->counts_room, 0, (room - text->counts_room) * sizeof(int64));
		text->counts_room = room;
	}
}

static int
provisional_id(NnetText *text, const char *token, int length, bool count)
{
	int number = nnet_tokens_add(text->seen, token, length);

	if (count)
	{
		extend_counts(text, number);
		text->counts[number]++;
	}
	return number + NNET_TOKEN_FIRST;
}

static void
put_id(NnetText *text, size_t at, int id)
{
	if (at == text->room)
	{
		text->room = Max(256, 2 * text->room);
		text->ids = text->ids == NULL
			? MemoryContextAllocHuge(text->context, text->room * sizeof(float))
			: repalloc_huge(text->ids, text->room * sizeof(float));
	}
	if (text->learning != NULL)
		memcpy(text->ids + at, &id, sizeof(id));
	else
		text->ids[at] = (float) id;
}

static void
put_tail(NnetText *text, int id)
{
	if (text->n_tail == text->tail_room)
	{
		text->tail_room = Max(256, 2 * text->tail_room);
		text->tail = text->tail == NULL
			? MemoryContextAllocHuge(text->context, text->tail_room * sizeof(int32))
			: repalloc_huge(text->tail, text->tail_room * sizeof(int32));
	}
	text->tail[text->n_tail++] = id;
}

const float *
nnet_text_ids_or_none(NnetText *text, const NnetVocabulary *vocabulary, size_t wanted,
					  size_t *count)
{
	const char *at;
	const char *token;
	int length;
	size_t n = 0;

	if (text->learning == NULL && !nnet_vocabulary_known(vocabulary))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("model \"%s\" has no vocabulary yet", text->model),
				 errhint("nnet.fit() learns it from the texts; "
						 "or give nnet.text_vectorization() a vocabulary.")));
	standardize(&text->text, &vocabulary->options);
	at = text->text.data;
	text->n_tail = 0;
	while ((wanted == 0 || n < wanted || text->counts != NULL) &&
		   (token = next_token(&at, &vocabulary->options, &length)) != NULL)
	{
		int id = text->learning != NULL ? provisional_id(text, token, length, text->counts_tokens)
										: nnet_vocabulary_id(vocabulary, token, length);

		nnet_check_interrupts();
		if (wanted == 0 || n < wanted)
			put_id(text, n++, id);
		else
			put_tail(text, id);
	}
	while (n < wanted)
		put_id(text, n++, NNET_TOKEN_PADDING);
	*count = n;
	return text->ids;
}

const float *
nnet_text_ids(NnetText *text, const NnetVocabulary *vocabulary, size_t wanted, size_t *count)
{
	(void) nnet_text_ids_or_none(text, vocabulary, wanted, count);
	if (*count == 0)
		put_id(text, (*count)++, NNET_TOKEN_UNKNOWN);
	return text->ids;
}

/* ---- learning ---- */

const int32 *
nnet_text_tail(const NnetText *text, size_t *n)
{
	*n = text->n_tail;
	return text->tail;
}

void
nnet_text_uncount(NnetText *text, const int32 *ids, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ids[i] >= NNET_TOKEN_FIRST)
			text->counts[ids[i] - NNET_TOKEN_FIRST]--;
}

void
nnet_text_each(const NnetText *text, NnetSeen each, void *arg)
{
	for (int i = 0; i < nnet_tokens_count(text->seen) && i < text->counts_room; i++)
	{
		const char *token = nnet_tokens_get(text->seen, i);

		if (text->counts[i] > 0)
			each(arg, token, (int) strlen(token), text->counts[i]);
	}
}

void
nnet_text_count(NnetText *text, const char *token, int length, int64 count)
{
	int id = provisional_id(text, token, length, true);

	text->counts[id - NNET_TOKEN_FIRST] += count - 1;
}

/* The most frequent first; equals by their bytes, the last first: Keras's order. */
static int
compare_tokens(const void *a, const void *b, void *arg)
{
	const NnetText *text = arg;
	int i = *(const int *) a;
	int k = *(const int *) b;

	nnet_check_interrupts();
	if (text->counts[i] != text->counts[k])
		return text->counts[i] > text->counts[k] ? -1 : 1;
	return strcmp(nnet_tokens_get(text->seen, k), nnet_tokens_get(text->seen, i));
}

void
nnet_text_learned(NnetText *text, NnetVocabulary *vocabulary, const NnetModel *model)
{
	int n = nnet_tokens_count(text->seen);
	int most = vocabulary->options.max_tokens > 0
		? vocabulary->options.max_tokens - NNET_TOKEN_FIRST
		: INT_MAX;
	int *order = MemoryContextAllocHuge(text->learning, sizeof(int) * Max(n, 1));

	extend_counts(text, n); /* those of y too */
	text->final = MemoryContextAllocHuge(text->learning, sizeof(int) * (n + NNET_TOKEN_FIRST));
	text->final[NNET_TOKEN_PADDING] = NNET_TOKEN_PADDING;
	text->final[NNET_TOKEN_UNKNOWN] = NNET_TOKEN_UNKNOWN;
	for (int i = 0; i < n; i++)
	{
		order[i] = i;
		text->final[i + NNET_TOKEN_FIRST] = NNET_TOKEN_UNKNOWN;
	}
	qsort_arg(order, n, sizeof(int), compare_tokens, text);
	for (int i = 0; i < n && i < most && text->counts[order[i]] > 0; i++)
	{
		const char *token = nnet_tokens_get(text->seen, order[i]);

		nnet_check_interrupts();
		nnet_tokens_add(vocabulary->tokens, token, (int) strlen(token));
		text->final[order[i] + NNET_TOKEN_FIRST] = i + NNET_TOKEN_FIRST;
	}
	if (!nnet_vocabulary_known(vocabulary))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("the texts for model \"%s\" have no tokens to learn", text->model),
				 errhint("Give texts that are neither empty nor, with standardize, all "
						 "punctuation.")));
	vocabulary->adapted = vocabulary->changed = true;
	nnet_vocabulary_check(model, vocabulary);
}

int
nnet_text_final(const NnetText *text, int id)
{
	return text->final[id];
}
