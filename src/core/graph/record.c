/*
 * record.c
 *	  Where things lie in a record of training data: its head, targets, x.
 */
#include "core/nn.h"

size_t
nn_record_x_count(const NNRecordFormat *format, NNRecordHead head)
{
	return format->x_count * (format->variable ? (size_t) head.steps : 1);
}

size_t
nn_record_target_count(const NNRecordFormat *format, NNRecordHead head)
{
	if (format->target == NN_TARGET_NONE)
		return 0;
	return format->target_count * (format->target_variable ? (size_t) head.target_steps : 1);
}

size_t
nn_record_x_offset(const NNRecordFormat *format, NNRecordHead head)
{
	/* float and int32 are both four bytes */
	return NN_RECORD_TARGET_OFFSET + nn_record_target_count(format, head) * 4;
}

size_t
nn_record_bytes(const NNRecordFormat *format, NNRecordHead head)
{
	size_t x = nn_record_x_count(format, head) * (format->bytes ? 1 : sizeof(float));

	return (nn_record_x_offset(format, head) + x + 3) & ~(size_t) 3;
}
