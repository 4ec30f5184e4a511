/*
 * kinds.h
 *	  The kinds of layers there are.
 */
#ifndef NN_KINDS_H
#define NN_KINDS_H

#include "core/layers/kind.h"

/* All kinds of layers, in the order of a hint that lists them: a new kind adds one line. */
#define NN_KINDS(KIND)                  \
	KIND(nn_input)                      \
	KIND(nn_text_vectorization)         \
	KIND(nn_string_lookup)              \
	KIND(nn_integer_lookup)             \
	KIND(nn_hashing)                    \
	KIND(nn_date_features)              \
	KIND(nn_rescaling)                  \
	KIND(nn_normalization)              \
	KIND(nn_dense)                      \
	KIND(nn_einsum_dense)               \
	KIND(nn_activation)                 \
	KIND(nn_leaky_relu)                 \
	KIND(nn_elu)                        \
	KIND(nn_relu)                       \
	KIND(nn_prelu)                      \
	KIND(nn_softmax)                    \
	KIND(nn_identity)                   \
	KIND(nn_activity_regularization)    \
	KIND(nn_flatten)                    \
	KIND(nn_reshape)                    \
	KIND(nn_dropout)                    \
	KIND(nn_alpha_dropout)              \
	KIND(nn_gaussian_dropout)           \
	KIND(nn_gaussian_noise)             \
	KIND(nn_batch_normalization)        \
	KIND(nn_layer_normalization)        \
	KIND(nn_group_normalization)        \
	KIND(nn_rms_normalization)          \
	KIND(nn_unit_normalization)         \
	KIND(nn_spectral_normalization)     \
	KIND(nn_add_layer)                  \
	KIND(nn_subtract_layer)             \
	KIND(nn_multiply_layer)             \
	KIND(nn_average_layer)              \
	KIND(nn_maximum_layer)              \
	KIND(nn_minimum_layer)              \
	KIND(nn_concatenate_layer)          \
	KIND(nn_dot)                        \
	KIND(nn_attention)                  \
	KIND(nn_additive_attention)         \
	KIND(nn_multi_head_attention)       \
	KIND(nn_group_query_attention)      \
	KIND(nn_conv1d)                     \
	KIND(nn_conv2d)                     \
	KIND(nn_conv3d)                     \
	KIND(nn_conv1d_transpose)           \
	KIND(nn_conv2d_transpose)           \
	KIND(nn_conv3d_transpose)           \
	KIND(nn_depthwise_conv1d)           \
	KIND(nn_depthwise_conv2d)           \
	KIND(nn_separable_conv1d)           \
	KIND(nn_separable_conv2d)           \
	KIND(nn_max_pooling1d)              \
	KIND(nn_max_pooling2d)              \
	KIND(nn_max_pooling3d)              \
	KIND(nn_average_pooling1d)          \
	KIND(nn_average_pooling2d)          \
	KIND(nn_average_pooling3d)          \
	KIND(nn_global_max_pooling1d)       \
	KIND(nn_global_max_pooling2d)       \
	KIND(nn_global_max_pooling3d)       \
	KIND(nn_global_average_pooling1d)   \
	KIND(nn_global_average_pooling2d)   \
	KIND(nn_global_average_pooling3d)   \
	KIND(nn_adaptive_max_pooling1d)     \
	KIND(nn_adaptive_max_pooling2d)     \
	KIND(nn_adaptive_max_pooling3d)     \
	KIND(nn_adaptive_average_pooling1d) \
	KIND(nn_adaptive_average_pooling2d) \
	KIND(nn_adaptive_average_pooling3d) \
	KIND(nn_zero_padding1d)             \
	KIND(nn_zero_padding2d)             \
	KIND(nn_zero_padding3d)             \
	KIND(nn_cropping1d)                 \
	KIND(nn_cropping2d)                 \
	KIND(nn_cropping3d)                 \
	KIND(nn_upsampling1d)               \
	KIND(nn_upsampling2d)               \
	KIND(nn_upsampling3d)               \
	KIND(nn_spatial_dropout1d)          \
	KIND(nn_spatial_dropout2d)          \
	KIND(nn_spatial_dropout3d)          \
	KIND(nn_resizing)                   \
	KIND(nn_center_crop)                \
	KIND(nn_random_flip)                \
	KIND(nn_random_translation)         \
	KIND(nn_random_rotation)            \
	KIND(nn_random_zoom)                \
	KIND(nn_random_shear)               \
	KIND(nn_random_crop)                \
	KIND(nn_random_brightness)          \
	KIND(nn_random_contrast)            \
	KIND(nn_random_invert)              \
	KIND(nn_random_grayscale)           \
	KIND(nn_random_saturation)          \
	KIND(nn_random_hue)                 \
	KIND(nn_random_erasing)             \
	KIND(nn_category_encoding)          \
	KIND(nn_discretization)             \
	KIND(nn_imputation)                 \
	KIND(nn_missing_indicator)          \
	KIND(nn_embedding)                  \
	KIND(nn_masking)                    \
	KIND(nn_simple_rnn)                 \
	KIND(nn_lstm)                       \
	KIND(nn_gru)                        \
	KIND(nn_conv_lstm1d)                \
	KIND(nn_conv_lstm2d)                \
	KIND(nn_bidirectional)              \
	KIND(nn_time_distributed)           \
	KIND(nn_repeat_vector)              \
	KIND(nn_permute)

#define NN_DECLARE_KIND(symbol) extern const NNKind symbol;
NN_KINDS(NN_DECLARE_KIND)

#endif /* NN_KINDS_H */
