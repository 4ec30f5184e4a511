/*
 * window.h
 *	  A layer's window over its input, a volume (depth, height, width, channels), an image
 *	  (height, width, channels) or a signal (steps, channels): what convolutions and poolings share.  What a window is
 *	  to arithmetic is kernels/window.h.
 */
#ifndef NN_LAYER_WINDOW_H
#define NN_LAYER_WINDOW_H

#include "core/layers/layer.h"
#include "core/kernels/window.h"

typedef enum NNPadding
{
	NN_PADDING_VALID,
	NN_PADDING_SAME,
	NN_PADDING_CAUSAL
} NNPadding;

extern const NNWord nn_padding_words[]; /* valid, same */

/* The options of a window, as the tables of fields fill them; of a signal or image the first of each. */
typedef struct NNWindowConf
{
	int size[3];
	int strides[3]; /* 0: the same as size */
	int dilation_rate[3];
	int padding;
	bool variable; /* set by shape(): each sample has steps of its own */
} NNWindowConf;

/* A field of the NNWindowConf that conf type s has as `window`. */
#define NN_WINDOW_FIELD(s, name, member, dims, required, def)                                 \
	{                                                                                         \
		name, NN_FIELD_TYPE_INTS, offsetof(s, window.member), required, def, 1, NN_MAX_UNITS, \
			NULL, dims                                                                        \
	}
#define NN_WINDOW_PADDING(s)                                                                       \
	{                                                                                              \
		"padding", NN_FIELD_TYPE_WORD, offsetof(s, window.padding), false, NN_PADDING_VALID, 0, 0, \
			nn_padding_words, 0                                                                    \
	}

/*
 * Refuse an input that is no volume (dims 3), image (dims 2) or signal (dims 1).  Steps of a
 * signal may be NN_ANY.
 */
extern bool nn_window_check_input(const NNLayer *layer, int dims, NNError *error);

/*
 * The output's dimensions (height and width, or steps; not its channels) into
 * layer->out, or a refusal.
 */
extern bool nn_window_shape(NNLayer *layer, const NNWindowConf *conf, int dims, NNError *error);

/* Remember that the input has NN_ANY steps; sets steps_from accordingly. */
extern void nn_window_note_variable(NNLayer *layer);

/* Refuse more channels than a layer may have. */
extern bool nn_window_check_channels(const NNLayer *layer, int64_t channels, NNError *error);

/* The window over the layer's input, whose shape is known to fit. */
extern NNWindow nn_window(const NNLayer *layer, const NNWindowConf *conf, int dims);

/*
 * Signals of any number of steps: in a batch of different lengths each sample
 * is treated as if it were alone, and the output has padding of its own; what
 * is past a sample's last step does not exist.  What layers hide is seen as it
 * is, and hidden no more, as in Keras.
 */

/* Whether some sample of the chunk is shorter than the others. */
extern bool nn_window_uneven(const NNWindowConf *conf, const NNPass *pass, int steps);
/* Steps of sample b, of `steps` that there is room for. */
extern int nn_window_steps(const NNPass *pass, size_t b, int steps);
/* The window over a signal of that many steps; sees none if it does not fit. */
extern NNWindow nn_window_over(const NNLayer *layer, const NNWindowConf *conf, int steps);
/* Where samples differ: the first `steps` of sample b's `room` count. */
extern void nn_window_mask(const NNPass *pass, size_t b, int steps, int room);

#endif /* NN_LAYER_WINDOW_H */
