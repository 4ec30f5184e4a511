/*
 * record_format.c
 *	  Where things lie in a record of training data: steps, targets and weights
 *	  by output, x by input.
 */
#include <string.h>

#include "core/graph/model.h"

size_t
nn_record_format_bytes(int n_inputs)
{
	return sizeof(NNRecordFormat) + (size_t) n_inputs * sizeof(NNInputFormat);
}

void
nn_record_format(NNRecordFormat *format, const NNModel *model, const NNObjectives *objectives)
{
	memset(format, 0, nn_record_format_bytes(model->n_inputs));
	format->n_inputs = model->n_inputs;
	for (int i = 0; i < model->n_inputs; i++)
	{
		format->inputs[i].sequence = -1;
		format->inputs[i].count = nn_shape_size(&nn_model_input(model, i)->out);
	}
	format->n_sequences = model->n_sequences;
	for (int s = 0; s < model->n_sequences; s++)
	{
		NNShape step = nn_model_input(model, model->sequences[s])->out;

		/* a plan may have put a number of steps there */
		step.dim[0] = NN_ANY;
		format->inputs[model->sequences[s]].sequence = s;
		format->inputs[model->sequences[s]].count = nn_shape_size(&step);
	}
	format->n_outputs = objectives == NULL ? 0 : objectives->n;
	for (int o = 0; o < format->n_outputs; o++)
	{
		const NNObjective *objective = &objectives->of[o];

		format->outputs[o].target = objective->target;
		format->outputs[o].count = objective->target_count;
		format->outputs[o].variable = objective->target_variable;
		format->n_target_sequences += objective->target_variable;
	}
}

bool
nn_record_format_equal(const NNRecordFormat *a, const NNRecordFormat *b)
{
	bool equal = a->n_inputs == b->n_inputs && a->n_outputs == b->n_outputs;

	for (int i = 0; equal && i < a->n_inputs; i++)
		equal = a->inputs[i].bytes == b->inputs[i].bytes &&
			a->inputs[i].sequence == b->inputs[i].sequence &&
			a->inputs[i].count == b->inputs[i].count;
	for (int o = 0; equal && o < a->n_outputs; o++)
	{
		const NNOutputFormat *x = &a->outputs[o];
		const NNOutputFormat *y = &b->outputs[o];

		equal = x->target == y->target && x->variable == y->variable && x->count == y->count &&
			x->weights == y->weights && x->weights_variable == y->weights_variable;
	}
	return equal;
}

/* ---- the head ---- */

bool
nn_record_varies(const NNRecordFormat *format)
{
	return format->n_sequences + format->n_target_sequences > 0;
}

size_t
nn_record_head_bytes(const NNRecordFormat *format)
{
	return sizeof(int32_t) * (size_t) (format->n_sequences + format->n_target_sequences);
}

void
nn_record_put_head(const NNRecordFormat *format, const NNRecordHead *head, void *record)
{
	int32_t steps[NN_MAX_SEQUENCES + NN_MAX_OUTPUTS];
	int n = 0;

	for (int s = 0; s < format->n_sequences; s++)
		steps[n++] = head->steps.of[s];
	for (int o = 0; o < format->n_outputs; o++)
		if (format->outputs[o].variable)
			steps[n++] = head->target_steps[o];
	memcpy(record, steps, (size_t) n * sizeof(int32_t));
}

void
nn_record_get_head(const NNRecordFormat *format, const void *record, NNRecordHead *head)
{
	int32_t steps[NN_MAX_SEQUENCES + NN_MAX_OUTPUTS];
	int n = 0;

	memset(head, 0, sizeof(*head));
	memcpy(steps, record, nn_record_head_bytes(format));
	for (int s = 0; s < format->n_sequences; s++)
		head->steps.of[s] = steps[n++];
	for (int o = 0; o < format->n_outputs; o++)
		if (format->outputs[o].variable)
			head->target_steps[o] = steps[n++];
}

/* ---- counts and places ---- */

size_t
nn_record_x_count(const NNRecordFormat *format, const NNRecordHead *head, int input)
{
	const NNInputFormat *in = &format->inputs[input];

	return in->sequence < 0 ? in->count : in->count * (size_t) head->steps.of[in->sequence];
}

size_t
nn_record_target_count(const NNRecordFormat *format, const NNRecordHead *head, int output)
{
	const NNOutputFormat *out = &format->outputs[output];

	if (out->target == NN_TARGET_NONE)
		return 0;
	return out->variable ? out->count * (size_t) head->target_steps[output] : out->count;
}

size_t
nn_record_weight_count(const NNRecordFormat *format, const NNRecordHead *head, int output)
{
	const NNOutputFormat *out = &format->outputs[output];

	return out->weights_variable ? out->weights * (size_t) head->target_steps[output]
								 : out->weights;
}

static size_t
x_bytes(const NNRecordFormat *format, const NNRecordHead *head, int input)
{
	return nn_record_x_bytes(&format->inputs[input], nn_record_x_count(format, head, input));
}

/* float and int32 are both four bytes */
static size_t
output_bytes(const NNRecordFormat *format, const NNRecordHead *head, int output)
{
	return 4 *
		(nn_record_target_count(format, head, output) +
		 nn_record_weight_count(format, head, output));
}

size_t
nn_record_target_at(const NNRecordFormat *format, const NNRecordHead *head, int output)
{
	size_t at = nn_record_head_bytes(format);

	for (int o = 0; o < output; o++)
		at += output_bytes(format, head, o);
	return at;
}

size_t
nn_record_weight_at(const NNRecordFormat *format, const NNRecordHead *head, int output)
{
	return nn_record_target_at(format, head, output) +
		4 * nn_record_target_count(format, head, output);
}

size_t
nn_record_x_at(const NNRecordFormat *format, const NNRecordHead *head, int input)
{
	size_t at = nn_record_target_at(format, head, format->n_outputs);

	for (int i = 0; i < input; i++)
		at += x_bytes(format, head, i);
	return at;
}

size_t
nn_record_bytes(const NNRecordFormat *format, const NNRecordHead *head)
{
	return nn_record_x_at(format, head, format->n_inputs);
}
