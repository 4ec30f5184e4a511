/*
 * loss_parse.c
 *	  A loss read from its configuration: a name ('huber') or an object
 *	  {"kind": "huber", "delta": 2}.
 */
#include <stdio.h>

#include "core/base/shape.h"
#include "core/losses/loss.h"

static const NNField no_fields[] = {NN_FIELD_END};

static const NNField *
fields_of(const NNLossKind *kind)
{
	return kind->fields != NULL ? kind->fields : no_fields;
}

void
nn_loss_set(NNLoss *loss, const NNLossKind *kind)
{
	NNLossConf *conf = (NNLossConf *) loss->conf.bytes;
	NNError none;

	memset(loss, 0, sizeof(*loss));
	loss->kind = kind;
	conf->ignore_class = NN_NO_CLASS;
	conf->over = kind->over;
	/* without an object nothing is refused */
	(void) nn_fields_parse(fields_of(kind), conf, NULL, kind->name, NULL, &none);
}

/* The longest list of names that leaves a hint room for its sentence. */
#define LIST_SIZE (sizeof(((NNError *) NULL)->hint) - 64)

static bool
unknown_loss(const char *name, NNError *error)
{
	char list[LIST_SIZE];
	char clip[NN_CLIP];

	if (name != NULL)
		nn_error(error, NN_UNKNOWN_NAME, "unknown loss \"%s\"", nn_clip(clip, name));
	else
		nn_error(error, NN_BAD_VALUE, "a loss must be a name or an object with a \"kind\"");
	nn_losses_list(list, sizeof(list));
	return nn_hint(error, "Losses are: %s.", list);
}

bool
nn_loss_parse(NNLoss *loss, const NNValue *config, NNError *error)
{
	static const char *const passed_over[] = {"kind", "name", NULL};
	const char *name = nn_value_kind(config);
	const NNLossKind *kind = name == NULL ? NULL : nn_loss_find(name);
	char what[NN_MAX_NAME + 16];

	if (kind == NULL)
		return unknown_loss(name, error);
	nn_loss_set(loss, kind);
	if (config->type != NN_V_OBJECT)
		return true;
	snprintf(what, sizeof(what), "loss \"%s\"", kind->name);
	return nn_fields_parse(fields_of(kind), loss->conf.bytes, config, what, passed_over, error);
}

/*
 * Over what axes of a batch of samples of that rank go; false: over what no loss goes.
 * Of the whole sample, or the whole batch, all must be named.
 */
static bool
over_axes(const NNInts *axis, int rank, NNOver *over)
{
	unsigned named = 0;
	unsigned all = (2u << rank) - 1;

	for (int i = 0; i < axis->count; i++)
	{
		int at = axis->value[i] < 0 ? axis->value[i] + rank + 1 : axis->value[i];

		if (at < 0 || at > rank)
			return false;
		named |= 1u << at;
	}
	if (named != 1u << rank && named != all && named != (all & ~1u))
		return false;
	*over = named == 1u << rank ? NN_OVER_ROWS : named == all ? NN_OVER_BATCH : NN_OVER_SAMPLES;
	return true;
}

bool
nn_loss_resolve(NNLoss *loss, const NNShape *out, NNError *error)
{
	NNLossConf *conf = (NNLossConf *) loss->conf.bytes;
	int rank = out->rank == 0 ? 1 : out->rank;
	int width = out->rank == 0 ? 1 : nn_shape_last(out);

	if (conf->alphas.count > 1 && conf->alphas.count != width)
		return nn_error(error, NN_BAD_VALUE, "loss \"%s\": alpha has %d values for %d classes",
						loss->kind->name, conf->alphas.count, width);
	if (conf->axis.count == 0)
		return true;
	if (over_axes(&conf->axis, rank, &conf->over) &&
		(loss->kind->over == NN_OVER_BATCH || conf->over == NN_OVER_ROWS))
		return true;
	nn_error(error, NN_BAD_VALUE,
			 "loss \"%s\": it cannot go over this axis of outputs of %d dimension%s",
			 loss->kind->name, rank, rank == 1 ? "" : "s");
	return nn_hint(error,
				   loss->kind->over == NN_OVER_BATCH
					   ? "Give -1 for a value of each row of the last dimension, all dimensions "
						 "from 1 on for one of each sample, or nothing for one of a batch."
					   : "It goes over the last one, -1.");
}

const char *
nn_loss_name(const NNLoss *loss)
{
	return loss->kind->name;
}

bool
nn_loss_plain(const NNLoss *loss)
{
	NNLoss plain;

	nn_loss_set(&plain, loss->kind);
	return memcmp(&plain, loss, sizeof(plain)) == 0;
}

bool
nn_loss_check(const NNValue *config, NNError *error)
{
	NNLoss loss;

	return nn_loss_parse(&loss, config, error);
}
