/*
 * tally.c
 *	  States of the metrics of queries: expanded objects that are flat between processes.
 *
 * What is flat may be a stranger's, as anyone can give a bytea to the functions of
 * an aggregate of their own: it is checked in all that memory depends on.
 *
 * Scores are kept, one by one, as exact curves need them, but equal ones of one
 * label together once there are many.  They are counted as the session's memory.
 */
#include "pg/metrics/tally.h"

#include "common/hashfn.h"
#include "mb/pg_wchar.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include <math.h>

#define TALLY_MAGIC 0x6e6e7431 /* of this layout, in this processor's order of bytes */
#define ASKED_BYTES ((size_t) 1 << 20)
#define SUMMED_SCORES (1 << 20) /* from so many on, equal ones are put together */
#define SORTED_PIECE (1 << 16)	/* that is sorted without looking for interrupts */
#define MOST_LABELS (1 << 20)
#define FIRST_ITEMS 16
#define FIRST_LABELS 4

typedef struct FlatHead
{
	uint32 magic;
	uint8 kind;
	uint8 labels_are;
	uint8 quantile;
	uint8 unused;
	int32 width;
	int32 bins;
	int32 n_labels;
	int32 unused_too;
	int64 n;
} FlatHead;

static size_t
item_bytes(TallyKind kind)
{
	switch (kind)
	{
		case TALLY_PAIRS:
			return sizeof(TallyPair);
		case TALLY_SCORES:
			return sizeof(TallyScore);
		case TALLY_LIKELIHOOD:
			break;
	}
	return sizeof(double);
}

/* ---- between processes ---- */

static size_t
flat_bytes(const Tally *tally)
{
	size_t bytes = sizeof(FlatHead) + (size_t) tally->n * item_bytes(tally->kind);

	for (int i = 0; i < tally->n_labels; i++)
		bytes += sizeof(int64) +
			(tally->labels_are == LABEL_TEXT ? (size_t) tally->labels[i].length : 0);
	return bytes;
}

static Size
get_flat_size(ExpandedObjectHeader *header)
{
	const Tally *tally = (const Tally *) header;
	size_t bytes = VARHDRSZ + flat_bytes(tally);

	if (!AllocSizeIsValid(bytes))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a process has more scores than it can hand to another: " INT64_FORMAT
						" that are different",
						tally->n),
				 errhint("Round the scores, or let one process read the rows: SET "
						 "max_parallel_workers_per_gather = 0.")));
	return bytes;
}

static char *
put(char *to, const void *from, size_t bytes)
{
	if (bytes > 0)
		memcpy(to, from, bytes);
	return to + bytes;
}

static void
flatten_into(ExpandedObjectHeader *header, void *result, Size size)
{
	const Tally *tally = (const Tally *) header;
	FlatHead head = {
		.magic = TALLY_MAGIC,
		.kind = (uint8) tally->kind,
		.labels_are = (uint8) tally->labels_are,
		.quantile = (uint8) tally->quantile,
		.width = tally->width,
		.bins = tally->bins,
		.n_labels = tally->n_labels,
		.n = tally->n,
	};
	char *to = VARDATA(result);

	SET_VARSIZE(result, size);
	to = put(to, &head, sizeof(head));
	for (int i = 0; i < tally->n_labels; i++)
	{
		const Label *label = &tally->labels[i];
		int64 length = label->length;

		if (tally->labels_are == LABEL_FLOAT)
			to = put(to, &label->real, sizeof(double));
		else if (tally->labels_are == LABEL_TEXT)
			to = put(put(to, &length, sizeof(length)), label->text, (size_t) length);
		else
			to = put(to, &label->integer, sizeof(int64));
	}
	(void) put(to, tally->items, (size_t) tally->n * item_bytes(tally->kind));
}

static const ExpandedObjectMethods tally_methods = {
	.get_flat_size = get_flat_size,
	.flatten_into = flatten_into,
};

/* ---- memory ---- */

static void
release(void *arg)
{
	nnet_memory_give(((Tally *) arg)->counted);
}

/* Room for more items, labels or places, all of which may be many. */
static void *
grow(Tally *tally, void *memory, size_t had, size_t wanted)
{
	if (wanted >= ASKED_BYTES)
		nnet_memory_check(&(NnetMemoryNeed){
			.action = tally->kind == TALLY_SCORES
				? psprintf("keep " INT64_FORMAT " scores", tally->n + 1)
				: psprintf("count by %d labels", tally->n_labels),
			.hint = tally->kind == TALLY_SCORES
				? "Round the scores, so that fewer are different, take fewer rows, or let a "
				  "superuser raise nnet.memory_fraction."
				: "Use fewer labels, or let a superuser raise nnet.memory_fraction.",
			.bytes = {[NNET_MEMORY_ROWS] = wanted},
		});
	memory = memory == NULL ? MemoryContextAllocHuge(tally->header.eoh_context, wanted)
							: repalloc_huge(memory, wanted);
	nnet_memory_take(wanted - had);
	tally->counted += wanted - had;
	return memory;
}

Tally *
tally_make(TallyKind kind, LabelKind labels_are, MemoryContext context)
{
	MemoryContext own = AllocSetContextCreate(context, "nnet tally", ALLOCSET_SMALL_SIZES);
	Tally *tally = MemoryContextAllocZero(own, sizeof(Tally));

	EOH_init_header(&tally->header, &tally_methods, own);
	tally->kind = kind;
	tally->labels_are = labels_are;
	tally->release = (MemoryContextCallback){.func = release, .arg = tally};
	MemoryContextRegisterResetCallback(own, &tally->release);
	return tally;
}

/* Items for n in all. */
static void
make_room(Tally *tally, int64 n)
{
	size_t bytes = item_bytes(tally->kind);
	int64 room = Max(Max(n, 2 * tally->room), FIRST_ITEMS);

	if (n <= tally->room)
		return;
	tally->items = grow(tally, tally->items, (size_t) tally->room * bytes, (size_t) room * bytes);
	tally->room = room;
}

/* ---- places ---- */

typedef uint32 (*HashOf)(const Tally *tally, uint32 number);

static uint32
hash_of_label(const Tally *tally, uint32 number)
{
	return label_hash(tally->labels_are, &tally->labels[number]);
}

static uint32
hash_pair(int32 truth, int32 predicted)
{
	return murmurhash32(hash_combine(murmurhash32((uint32) truth), (uint32) predicted));
}

static uint32
hash_of_pair(const Tally *tally, uint32 number)
{
	const TallyPair *pair = (const TallyPair *) tally->items + number;

	return hash_pair(pair->truth, pair->predicted);
}

static void
set_place(Places *places, uint32 hash, uint32 number)
{
	uint32 at = hash & (places->size - 1);

	while (places->at[at] != 0)
		at = (at + 1) & (places->size - 1);
	places->at[at] = number + 1;
}

/* Number is new: at most half of the places are taken. */
static void
add_place(Tally *tally, Places *places, HashOf hash_of, uint32 number)
{
	if (2 * (number + 1) > places->size)
	{
		uint32 size = Max(2 * places->size, 4 * FIRST_ITEMS);

		places->at = grow(tally, places->at, places->size * sizeof(uint32), size * sizeof(uint32));
		memset(places->at, 0, size * sizeof(uint32));
		places->size = size;
		for (uint32 i = 0; i < number; i++)
			set_place(places, hash_of(tally, i), i);
	}
	set_place(places, hash_of(tally, number), number);
}

/* ---- labels and items ---- */

static void
refuse_classes(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("there are more than two labels in the argument truth"),
			 errhint("Say which one is looked for, as in truth = 'spam', beside its score.")));
}

int
tally_label(Tally *tally, const Label *label)
{
	Places *places = &tally->label_places;
	uint32 at = 0;
	Label *added;

	if (places->size > 0)
		for (at = label_hash(tally->labels_are, label) & (places->size - 1); places->at[at] != 0;
			 at = (at + 1) & (places->size - 1))
			if (label_compare(tally->labels_are, label, &tally->labels[places->at[at] - 1]) == 0)
				return (int) places->at[at] - 1;
	if (tally->kind == TALLY_SCORES && tally->n_labels == 2)
		refuse_classes();
	if (tally->n_labels == MOST_LABELS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("there are more than %d labels", MOST_LABELS),
				 errhint("For numbers that are no classes there are nnet.rmse(), nnet.mae() and "
						 "nnet.r2_score().")));
	if (tally->n_labels == tally->labels_room)
	{
		int32 room = Max(2 * tally->labels_room, FIRST_LABELS);

		tally->labels = grow(tally, tally->labels, tally->labels_room * sizeof(Label),
							 (size_t) room * sizeof(Label));
		tally->labels_room = room;
	}
	added = &tally->labels[tally->n_labels];
	*added = *label;
	if (tally->labels_are == LABEL_TEXT)
	{
		char *copy = MemoryContextAlloc(tally->header.eoh_context, Max(label->length, 1));

		memcpy(copy, label->text, label->length);
		added->text = copy;
	}
	add_place(tally, places, hash_of_label, (uint32) tally->n_labels);
	return tally->n_labels++;
}

void
tally_pair(Tally *tally, int truth, int predicted, double weight)
{
	const Places *places = &tally->pair_places;
	TallyPair *pairs = tally->items;

	if (places->size > 0)
		for (uint32 at = hash_pair(truth, predicted) & (places->size - 1); places->at[at] != 0;
			 at = (at + 1) & (places->size - 1))
		{
			TallyPair *pair = &pairs[places->at[at] - 1];

			if (pair->truth == truth && pair->predicted == predicted)
			{
				pair->weight += weight;
				return;
			}
		}
	make_room(tally, tally->n + 1);
	((TallyPair *) tally->items)[tally->n] =
		(TallyPair){.truth = truth, .predicted = predicted, .weight = weight};
	add_place(tally, &tally->pair_places, hash_of_pair, (uint32) tally->n);
	tally->n++;
}

double *
tally_sums(Tally *tally, int label)
{
	int64 each = 1 + tally->width;

	if (tally->n < (label + 1) * each)
	{
		make_room(tally, (label + 1) * each);
		memset((double *) tally->items + tally->n, 0,
			   (size_t) ((label + 1) * each - tally->n) * sizeof(double));
		tally->n = (label + 1) * each;
	}
	return (double *) tally->items + label * each;
}

/* ---- scores ---- */

static int
compare_scores(const void *a, const void *b)
{
	const TallyScore *x = a;
	const TallyScore *y = b;

	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	return (x->weight > 0) - (y->weight > 0);
}

static void
swap_scores(TallyScore *a, TallyScore *b)
{
	TallyScore c = *a;

	*a = *b;
	*b = c;
}

/* In three parts, before, equal to and after a pivot that nobody can foresee from the rows. */
static void
sort_scores(TallyScore *scores, int64 n)
{
	uint64 draw = UINT64CONST(0x9e3779b97f4a7c15);

	while (n > SORTED_PIECE)
	{
		TallyScore pivot;
		int64 before = 0;
		int64 after = n;

		nnet_check_interrupts();
		draw = draw * UINT64CONST(6364136223846793005) + (uint64) n;
		pivot = scores[(draw >> 20) % (uint64) n];
		for (int64 i = 0; i < after;)
		{
			int order = compare_scores(&scores[i], &pivot);

			if (order < 0)
				swap_scores(&scores[i++], &scores[before++]);
			else if (order > 0)
				swap_scores(&scores[i], &scores[--after]);
			else
				i++;
		}
		/* the smaller part by recursion, which so is not deep */
		if (before < n - after)
		{
			sort_scores(scores, before);
			scores += after;
			n -= after;
		}
		else
		{
			sort_scores(scores + after, n - after);
			n = before;
		}
	}
	if (n > 1)
		qsort(scores, (size_t) n, sizeof(TallyScore), compare_scores);
}

void
tally_sort(Tally *tally)
{
	TallyScore *scores = tally->items;
	int64 to = 0;

	if (tally->sorted || tally->n == 0)
		return;
	sort_scores(scores, tally->n);
	for (int64 i = 1; i < tally->n; i++)
	{
		if (compare_scores(&scores[i], &scores[to]) == 0)
			scores[to].weight += scores[i].weight;
		else
			scores[++to] = scores[i];
	}
	tally->n = to + 1;
	tally->sorted = true;
}

void
tally_score(Tally *tally, int label, double score, double weight)
{
	if (weight == 0)
		return; /* as if the row were not there */
	if (tally->n == tally->room && tally->n >= SUMMED_SCORES && !tally->distinct)
	{
		tally_sort(tally);
		tally->distinct = tally->n > tally->room / 2;
	}
	make_room(tally, tally->n + 1);
	((TallyScore *) tally->items)[tally->n++] =
		(TallyScore){.score = score == 0 ? 0 : score, .weight = label == 0 ? -weight : weight};
	tally->sorted = false;
}

/* ---- states as arguments ---- */

static void
refuse_state(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
			 errmsg("a state of a metric is not valid")));
}

MemoryContext
tally_context(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("a step of an aggregate cannot be called by itself")));
	return context;
}

static const char *
get(void *to, const char *from, const char *end, size_t bytes)
{
	if (bytes > (size_t) (end - from))
		refuse_state();
	memcpy(to, from, bytes);
	return from + bytes;
}

static bool
valid_head(const FlatHead *head, size_t bytes)
{
	return head->magic == TALLY_MAGIC && head->kind >= TALLY_PAIRS &&
		head->kind <= TALLY_LIKELIHOOD && head->labels_are <= LABEL_TEXT && head->width >= 0 &&
		head->width < MOST_LABELS && head->n_labels >= 0 && head->n_labels <= MOST_LABELS &&
		(head->kind != TALLY_SCORES || head->n_labels <= 2) && head->n >= 0 &&
		(uint64) head->n <= bytes / item_bytes(head->kind) &&
		(head->kind != TALLY_LIKELIHOOD || head->n == head->n_labels * (1 + (int64) head->width));
}

static const char *
get_label(Tally *tally, const char *from, const char *end)
{
	Label label = {0};
	int64 length = 0;

	if (tally->labels_are == LABEL_FLOAT)
		from = get(&label.real, from, end, sizeof(double));
	else if (tally->labels_are != LABEL_TEXT)
		from = get(&label.integer, from, end, sizeof(int64));
	else
	{
		from = get(&length, from, end, sizeof(length));
		if (length < 0 || length > end - from || memchr(from, 0, (size_t) length) != NULL ||
			!pg_verifymbstr(from, (int) length, true))
			refuse_state();
		label.text = from;
		label.length = (int) length;
		from += length;
	}
	if (isnan(label.real) || tally_label(tally, &label) != tally->n_labels - 1)
		refuse_state();
	return from;
}

static bool
valid_item(const Tally *tally, int64 i)
{
	const TallyPair *pair = (const TallyPair *) tally->items + i;
	const TallyScore *score = (const TallyScore *) tally->items + i;

	switch (tally->kind)
	{
		case TALLY_PAIRS:
			return pair->truth >= 0 && pair->truth < tally->n_labels && pair->predicted >= 0 &&
				pair->predicted < tally->n_labels && pair->weight >= 0;
		case TALLY_SCORES:
			return isfinite(score->score) && isfinite(score->weight) && score->weight != 0 &&
				tally->n_labels > (score->weight > 0 ? 1 : 0);
		case TALLY_LIKELIHOOD:
			break;
	}
	return true;
}

static Tally *
from_flat(Datum state, MemoryContext context)
{
	bytea *flat = DatumGetByteaPP(state);
	const char *from = VARDATA_ANY(flat);
	const char *end = from + VARSIZE_ANY_EXHDR(flat);
	size_t bytes;
	FlatHead head;
	Tally *tally;

	from = get(&head, from, end, sizeof(head));
	if (!valid_head(&head, (size_t) (end - from)))
		refuse_state();
	tally = tally_make(head.kind, head.labels_are, context);
	tally->width = head.width;
	tally->bins = head.bins;
	tally->quantile = head.quantile;
	for (int i = 0; i < head.n_labels; i++)
		from = get_label(tally, from, end);
	bytes = (size_t) head.n * item_bytes(head.kind);
	if ((size_t) (end - from) != bytes)
		refuse_state();
	if (head.n == 0)
		return tally;
	make_room(tally, head.n);
	memcpy(tally->items, from, bytes);
	tally->n = head.n;
	for (int64 i = 0; i < head.n; i++)
	{
		if ((i & TALLY_LOOK) == 0)
			nnet_check_interrupts();
		if (!valid_item(tally, i))
			refuse_state();
		if (head.kind == TALLY_PAIRS)
			add_place(tally, &tally->pair_places, hash_of_pair, (uint32) i);
	}
	return tally;
}

static Tally *
expanded(Datum state)
{
	ExpandedObjectHeader *header;

	if (!VARATT_IS_EXTERNAL_EXPANDED(DatumGetPointer(state)))
		return NULL;
	header = DatumGetEOHP(state);
	if (header->eoh_methods != &tally_methods)
		refuse_state();
	return (Tally *) header;
}

static Tally *
of_kind(Tally *tally, TallyKind kind)
{
	if (kind != 0 && tally->kind != kind)
		refuse_state();
	return tally;
}

Tally *
tally_change(Datum state, TallyKind kind, MemoryContext context)
{
	Tally *tally = expanded(state);

	if (tally == NULL)
		tally = from_flat(state, context);
	else if (!VARATT_IS_EXTERNAL_EXPANDED_RW(DatumGetPointer(state)))
	{
		void *flat = palloc(get_flat_size(&tally->header));

		flatten_into(&tally->header, flat, get_flat_size(&tally->header));
		tally = from_flat(PointerGetDatum(flat), context);
	}
	return of_kind(tally, kind);
}

Tally *
tally_look(Datum state, TallyKind kind)
{
	Tally *tally = expanded(state);

	return of_kind(tally != NULL ? tally : from_flat(state, CurrentMemoryContext), kind);
}

double
tally_finite(double value)
{
	if (!isfinite(value))
		ereport(
			ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE), errmsg("value out of range: overflow")));
	return value;
}

bool
tally_weight(FunctionCallInfo fcinfo, int argument, double *weight)
{
	*weight = 1;
	if (PG_NARGS() <= argument)
		return true;
	if (PG_ARGISNULL(argument))
		return false;
	*weight = PG_GETARG_FLOAT8(argument);
	if (isnan(*weight) || isinf(*weight) || *weight < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the weight of a row must be a number from 0 on, not %s",
						float8out_internal(*weight))));
	return true;
}

/* ---- order ---- */

static int
compare_numbers(const void *a, const void *b, void *arg)
{
	const Tally *tally = arg;

	return label_compare(tally->labels_are, &tally->labels[*(const int *) a],
						 &tally->labels[*(const int *) b]);
}

int *
tally_order(const Tally *tally)
{
	int *order = palloc(Max(tally->n_labels, 1) * sizeof(int));

	for (int i = 0; i < tally->n_labels; i++)
		order[i] = i;
	qsort_arg(order, (size_t) tally->n_labels, sizeof(int), compare_numbers, (void *) tally);
	return order;
}

int
tally_positive(const Tally *tally)
{
	const Label *only = tally->labels;
	double value;

	if (tally->n_labels == 2)
		return label_compare(tally->labels_are, &only[0], &only[1]) > 0 ? 0 : 1;
	if (tally->n_labels != 1 || tally->labels_are == LABEL_TEXT)
		return -1;
	value = tally->labels_are == LABEL_FLOAT ? only->real : (double) only->integer;
	if (value == 1)
		return 0;
	/* 0, or -1 among numbers: the one that is looked for is not there */
	return value == 0 || value == -1 ? 1 : -1;
}
