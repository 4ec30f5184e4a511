/*
 * date_features.c
 *	  Dates and times as a trend and as places on circles.
 *
 * The caller makes the parts where a row is read, in double, from what it
 * learned of the trend; the configuration carries that for it (origin,
 * deviation).  So the input's values already are the parts, and this is a view of
 * them.  Parts stand in the order of the bits, a number for trend and missing,
 * sine and cosine for the others.
 */
#include "core/layers/layer.h"

typedef struct DateConf
{
	int parts[NN_DATE_PARTS]; /* words of them; -1: no more */
} DateConf;

static const NNWord part_words[] = {
	{"trend", NN_DATE_TREND},	  {"hour", NN_DATE_HOUR},		{"weekday", NN_DATE_WEEKDAY},
	{"yearday", NN_DATE_YEARDAY}, {"missing", NN_DATE_MISSING}, {NULL, 0},
};

static const NNField date_fields[] = {
	NN_FIELD_WORDS(DateConf, parts, NN_DATE_PARTS, part_words),
	NN_FIELD_IGNORED("origin"),
	NN_FIELD_IGNORED("deviation"),
	NN_FIELD_IGNORED("adapted"),
	NN_FIELD_END,
};

static unsigned
parts_of(const DateConf *conf)
{
	unsigned parts = 0;

	for (int i = 0; i < NN_DATE_PARTS && conf->parts[i] >= 0; i++)
		parts |= (unsigned) conf->parts[i];
	return parts == 0 ? NN_DATE_ALL : parts;
}

int
nn_date_width(unsigned parts)
{
	int width = 0;

	for (unsigned part = 1; part < NN_DATE_ALL; part <<= 1)
		if (parts & part)
			width += part == NN_DATE_TREND || part == NN_DATE_MISSING ? 1 : 2;
	return width;
}

static bool
date_shape(NNLayer *layer, NNError *error)
{
	int width = nn_date_width(parts_of(NN_CONF(layer, DateConf)));
	char what[NN_MAX_NAME + 16], shape[64];

	layer->out = layer->in[0];
	layer->mask_from = 0;
	if (layer->in[0].rank == 1 && layer->in[0].dim[0] == width)
		return true;
	nn_error(error, NN_BAD_SHAPE, "%s: a date has %d numbers, not the shape %s",
			 nn_layer_what(layer, what, sizeof(what)), width,
			 nn_shape_text(&layer->in[0], shape, sizeof(shape)));
	return nn_hint(error, "Begin the model with nnet.input(1): one date.");
}

static void
read_dates(const NNLayer *layer, NNReading *reading)
{
	reading->as = NN_READ_DATES;
	reading->parts = parts_of(NN_CONF(layer, DateConf));
}

const NNKind nn_date_features = {
	.name = "date_features",
	.flags = NN_KIND_VIEW | NN_KIND_MASKED | NN_KIND_AT_INPUT | NN_KIND_STEPPED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(DateConf),
	.fields = date_fields,
	.shape = date_shape,
	.reading = read_dates,
};
