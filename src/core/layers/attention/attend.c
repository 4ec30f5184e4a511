/*
 * attend.c
 *	  From scores to weights: masks, softmax over the keys, dropout, and back.
 *
 * A key's score may be hidden by the masks of query, value and key, by being
 * later than the query, or too far from it.  Steps that only pad a row have no
 * weight at all, so that a row gives what it gives alone.
 */
#include "core/layers/attention/attend.h"

#define LESS ((nn_real) 1e9)
#define LOW ((nn_real) -1e30)
#define ABSENT ((nn_real) -3e38)

size_t
nn_attend_positions(const NNShape *shape)
{
	NNShape positions = *shape;

	positions.rank--;
	return nn_shape_size(&positions);
}

bool
nn_attend_check(const NNLayer *layer, int min, int max, NNError *error)
{
	const NNShape *value = &layer->in[nn_attend_input(layer, NN_VALUE)];
	const NNShape *key = &layer->in[nn_attend_input(layer, NN_KEY)];
	char what[NN_MAX_NAME + 16], first[64], second[64];

	nn_layer_what(layer, what, sizeof(what));
	for (int i = 0; i < layer->n_inputs; i++)
	{
		const NNShape *in = &layer->in[i];

		nn_shape_text(in, second, sizeof(second));
		if (in->rank < min || in->rank > max)
		{
			nn_error(error, NN_BAD_SHAPE,
					 "%s: takes steps of features, inputs of %d%s dimensions, not %s", what, min,
					 max > min ? " or more" : "", second);
			return nn_hint(error, "For one feature a step the input's shape is (steps, 1).");
		}
		if (in->rank != layer->in[0].rank)
		{
			nn_error(error, NN_BAD_SHAPE, "%s: its inputs 1 and %d have shapes %s and %s", what,
					 i + 1, nn_shape_text(&layer->in[0], first, sizeof(first)), second);
			return nn_hint(error, "Query, value and key have as many dimensions as each other.");
		}
	}
	for (int i = 0; i < key->rank - 1; i++)
		if (key->dim[i] != value->dim[i])
		{
			nn_error(error, NN_BAD_SHAPE, "%s: its value and key have shapes %s and %s", what,
					 nn_shape_text(value, first, sizeof(first)),
					 nn_shape_text(key, second, sizeof(second)));
			return nn_hint(error, "Each step of the value has its key.");
		}
	return true;
}

void
nn_attend_begin(NNAttend *attend, const NNLayer *layer, const NNPass *pass)
{
	const int value = nn_attend_input(layer, NN_VALUE), key = nn_attend_input(layer, NN_KEY);

	attend->t = (int) nn_attend_positions(&layer->in[0]);
	attend->s = (int) nn_attend_positions(&layer->in[value]);
	attend->each[0] = attend->t / layer->in[0].dim[0];
	attend->each[1] = attend->s / layer->in[value].dim[0];
	attend->masks[NN_QUERY] = pass->masks[0];
	attend->masks[NN_VALUE] = pass->masks[value];
	attend->masks[NN_KEY] = pass->masks[key];
	attend->padding = pass->paddings[value];
}

/* ---- which keys count ---- */

typedef enum Sight
{
	SEEN,
	UNSEEN,
	NOT_THERE
} Sight;

/* The masks of one sample, each position of which is a byte's or several share one. */
typedef struct Sample
{
	const uint8_t *masks[3];
	const uint8_t *padding;
} Sample;

static Sample
sample_of(const NNAttend *a, int sample)
{
	const int steps[3] = {a->t / a->each[0], a->s / a->each[1], a->s / a->each[1]};
	Sample at;

	for (int r = 0; r < 3; r++)
		at.masks[r] =
			a->masks[r] == NULL ? NULL : a->masks[r] + (size_t) sample * (size_t) steps[r];
	at.padding = a->padding == NULL ? NULL : a->padding + (size_t) sample * (size_t) steps[1];
	return at;
}

static Sight
sight(const NNAttend *a, const Sample *at, int t, int s)
{
	const int step = s / a->each[1];

	if (at->padding != NULL && !at->padding[step])
		return NOT_THERE;
	if ((at->masks[NN_VALUE] != NULL && !at->masks[NN_VALUE][step]) ||
		(at->masks[NN_KEY] != NULL && !at->masks[NN_KEY][step]) ||
		(at->masks[NN_QUERY] != NULL && !at->masks[NN_QUERY][t / a->each[0]]))
		return UNSEEN;
	if ((a->causal && s > t) || (a->window > 0 && (s > t ? s - t : t - s) >= a->window))
		return UNSEEN;
	return SEEN;
}

static bool
hides(const NNAttend *a)
{
	return a->causal || a->window > 0 || a->padding != NULL || a->masks[NN_QUERY] != NULL ||
		a->masks[NN_VALUE] != NULL || a->masks[NN_KEY] != NULL;
}

/* Keys that are looked at together, for all heads. */
#define KEYS 256

static NN_HOT(void, hide_keys,
			  (nn_real *restrict z, const uint8_t *restrict sights, int n, bool less),
			  (z, sights, n, less))
{
	for (int s = 0; s < n; s++)
	{
		const nn_real unseen = less ? z[s] - LESS : LOW;

		z[s] = sights[s] == SEEN ? z[s] : sights[s] == UNSEEN ? unseen : ABSENT;
	}
}

static void
hide_scores(const NNAttend *a, int sample, int heads, nn_real *z)
{
	const Sample at = sample_of(a, sample);
	uint8_t sights[KEYS];

	for (int t = 0; t < a->t; t++)
		for (int from = 0; from < a->s; from += KEYS)
		{
			const int n = a->s - from < KEYS ? a->s - from : KEYS;

			for (int s = 0; s < n; s++)
				sights[s] = (uint8_t) sight(a, &at, t, from + s);
			for (int h = 0; h < heads; h++)
				hide_keys(z + ((size_t) h * (size_t) a->t + (size_t) t) * (size_t) a->s + from,
						  sights, n, a->unseen == NN_UNSEEN_LESS);
		}
}

/*
 * 0 for keys that are not there, or not seen, of queries that see none: where they see some, softmax
 * has left the others nothing.
 */
static void
zero_unseen(const NNAttend *a, int sample, int heads, nn_real *w, Sight least)
{
	const Sample at = sample_of(a, sample);

	for (int t = 0; t < a->t; t++)
	{
		int s = 0;

		while (s < a->s && sight(a, &at, t, s) != SEEN)
			s++;
		if (s < a->s)
			continue;
		for (s = 0; s < a->s; s++)
			for (int h = 0; h < heads && sight(a, &at, t, s) >= least; h++)
				w[((size_t) h * (size_t) a->t + (size_t) t) * (size_t) a->s + (size_t) s] = 0;
	}
}

/* ---- weights ---- */

void
nn_attend_weights(const NNAttend *attend, int sample, int heads, nn_real *z)
{
	const size_t n = (size_t) heads * (size_t) attend->t * (size_t) attend->s;
	const bool none = attend->unseen == NN_UNSEEN_NONE;

	if (hides(attend))
		hide_scores(attend, sample, heads, z);
	nn_activate(NN_SOFTMAX, z, n, (size_t) attend->s);
	if (attend->padding != NULL || (none && hides(attend)))
		zero_unseen(attend, sample, heads, z, none ? UNSEEN : NOT_THERE);
}

void
nn_attend_backward(const NNAttend *attend, int sample, int heads, const nn_real *w, nn_real *dw)
{
	const size_t n = (size_t) heads * (size_t) attend->t * (size_t) attend->s;

	nn_activate_backward(NN_SOFTMAX, NULL, w, dw, n, (size_t) attend->s);
	/* what replaced a score does not follow it */
	if (attend->unseen == NN_UNSEEN_LOW && hides(attend))
		zero_unseen(attend, sample, heads, dw, UNSEEN);
}

void
nn_attend_drop(const NNAttend *attend, uint64_t seed, double rate, int heads, nn_real *to,
			   const nn_real *from)
{
	const uint32_t threshold = (uint32_t) (rate * 4294967296.0);
	const nn_real scale = (nn_real) (1 / (1 - rate));

	for (int h = 0; h < heads; h++)
		for (int t = 0; t < attend->t; t++, to += attend->s, from += attend->s)
		{
			/* by row: so it does not hang on how many keys there are */
			const uint64_t row = nn_mix(seed, (uint64_t) h, (uint64_t) t, 1);

			for (int s = 0; s < attend->s; s++)
				to[s] = nn_hash32(row, (uint32_t) s) < threshold ? 0 : from[s] * scale;
		}
}

nn_real
nn_attend_beta(const NNLayer *layer, NNRole role)
{
	const int input = nn_attend_input(layer, role);

	if (role == NN_VALUE)
		return 0;
	return input == nn_attend_input(layer, NN_VALUE) ||
			(role == NN_KEY && input == nn_attend_input(layer, NN_QUERY))
		? 1
		: 0;
}
