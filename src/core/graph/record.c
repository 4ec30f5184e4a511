/*
 * record.c
 *	  Where things lie in a record of training data: int32 steps, targets, x.
 */
#include "core/nn.h"

size_t
nn_record_x_offset(const NNRecordFormat *format, int steps)
{
	size_t targets = format->target == NN_TARGET_NONE ? 0 : format->target_count;

	if (format->target_variable)
		targets *= (size_t) steps;
	/* float and int32 are both four bytes */
	return NN_RECORD_TARGET_OFFSET + targets * 4;
}

size_t
nn_record_bytes(const NNRecordFormat *format, int steps)
{
	size_t x = format->x_count * (format->bytes ? 1 : sizeof(float));

	if (format->variable)
		x *= (size_t) steps;
	return (nn_record_x_offset(format, steps) + x + 3) & ~(size_t) 3;
}
