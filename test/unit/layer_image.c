/*
 * layer_image.c
 *	  Borders, enlarging and changes at random of images: numbers by hand,
 *	  promises, refusals.
 */
#include <string.h>

#include "test/unit/gradcheck.h"
#include "test/unit/numbers.h"

static void
borders(void)
{
	Probe *p = probe_make(&(ProbeSpec){.kind = "zero_padding2d",
									   .config = "{\"padding\": [[1, 0], [0, 2]]}",
									   .in = {{3, {1, 2, 1}}},
									   .batch = 1},
						  NULL);

	CHECK(p->layer->out.dim[0] == 2 && p->layer->out.dim[1] == 4, "top, bottom, left, right");
	numbers_set(p->x[0], (double[]){1, 2}, 2);
	probe_forward(p, false);
	numbers_check("zeros around", p->y, (double[]){0, 0, 0, 0, 1, 2, 0, 0}, 8, 0);
	probe_free(p);

	p = probe_make(&(ProbeSpec){.kind = "cropping2d",
								.config = "{\"cropping\": [0, 1]}",
								.in = {{3, {2, 3, 1}}},
								.batch = 1},
				   NULL);
	numbers_set(p->x[0], (double[]){1, 2, 3, 4, 5, 6}, 6);
	probe_forward(p, false);
	numbers_check("the middle column", p->y, (double[]){2, 5}, 2, 0);
	probe_free(p);
}

static void
enlarging(void)
{
	Probe *p = probe_make(&(ProbeSpec){.kind = "upsampling2d",
									   .config = "{\"size\": [1, 2]}",
									   .in = {{3, {1, 2, 2}}},
									   .batch = 1},
						  NULL);

	numbers_set(p->x[0], (double[]){1, 2, 3, 4}, 4);
	probe_forward(p, false);
	numbers_check("each cell twice", p->y, (double[]){1, 2, 1, 2, 3, 4, 3, 4}, 8, 0);
	probe_free(p);

	p = probe_make(&(ProbeSpec){.kind = "upsampling2d",
								.config = "{\"size\": 2, \"interpolation\": \"bilinear\"}",
								.in = {{3, {1, 2, 1}}},
								.batch = 1},
				   NULL);
	numbers_set(p->x[0], (double[]){0, 4}, 2);
	probe_forward(p, false);
	numbers_check("by distance from the middles of cells", p->y, (double[]){0, 1, 3, 4, 0, 1, 3, 4},
				  8, 1e-6);
	probe_free(p);
}

/* Of many samples: how many are x itself, mirrored, ... */
static void
flips(void)
{
	enum
	{
		SAMPLES = 1000,
	};
	int count[4] = {0};
	Probe *p = probe_make(
		&(ProbeSpec){
			.kind = "random_flip", .config = NULL, .in = {{3, {2, 2, 1}}}, .batch = SAMPLES},
		NULL);
	bool known = true;

	for (int s = 0; s < SAMPLES; s++)
		numbers_set(p->x[0] + 4 * s, (double[]){1, 2, 3, 4}, 4);
	probe_forward(p, true);
	for (int s = 0; s < SAMPLES; s++)
	{
		const nn_real *y = p->y + 4 * s;
		static const nn_real images[4][4] = {
			{1, 2, 3, 4}, {2, 1, 4, 3}, {3, 4, 1, 2}, {4, 3, 2, 1}};
		int i = 0;

		while (i < 4 && memcmp(y, images[i], sizeof(images[i])) != 0)
			i++;
		known = known && i < 4;
		count[i < 4 ? i : 0]++;
	}
	CHECK(known, "flips are mirrors");
	for (int i = 0; i < 4; i++)
		CHECK(count[i] > 190 && count[i] < 310, "a quarter of each sort: %d", count[i]);
	probe_free(p);

	p = probe_make(&(ProbeSpec){.kind = "random_flip",
								.config = "{\"mode\": \"horizontal\"}",
								.in = {{3, {2, 1, 1}}},
								.batch = 100},
				   NULL);
	for (int s = 0; s < 100; s++)
		numbers_set(p->x[0] + 2 * s, (double[]){1, 2}, 2);
	probe_forward(p, true);
	known = true;
	for (int s = 0; s < 100; s++)
		known = known && p->y[2 * s] == 1 && p->y[2 * s + 1] == 2;
	CHECK(known, "horizontal leaves the rows in place");
	probe_free(p);
}

/* A shift that is certain: both ends of the range the same. */
static void
translation(const char *fill, const char *more, const double *expected)
{
	char config[200];
	Probe *p;

	snprintf(config, sizeof(config),
			 "{\"height_factor\": 0, \"width_factor\": [0.5, 0.5], \"fill_mode\": \"%s\"%s}", fill,
			 more);
	p = probe_make(
		&(ProbeSpec){
			.kind = "random_translation", .config = config, .in = {{3, {1, 4, 1}}}, .batch = 1},
		NULL);
	numbers_set(p->x[0], (double[]){1, 2, 3, 4}, 4);
	probe_forward(p, true);
	numbers_check(fill, p->y, expected, 4, 1e-6);
	probe_free(p);
}

static void
translations(void)
{
	Probe *p;
	double least = 1e9, most = -1e9;

	translation("reflect", "", (double[]){2, 1, 1, 2});
	translation("wrap", "", (double[]){3, 4, 1, 2});
	translation("nearest", "", (double[]){1, 1, 1, 2});
	translation("constant", ", \"fill_value\": 7", (double[]){7, 7, 1, 2});

	/* half a cell: the mean of neighbours */
	p = probe_make(&(ProbeSpec){.kind = "random_translation",
								.config = "{\"height_factor\": [-0.25, -0.25], \"width_factor\": "
										  "0, \"fill_mode\": \"constant\"}",
								.in = {{3, {2, 1, 1}}},
								.batch = 1},
				   NULL);
	numbers_set(p->x[0], (double[]){2, 4}, 2);
	probe_forward(p, true);
	numbers_check("between cells", p->y, (double[]){3, 2}, 2, 1e-6);
	probe_free(p);

	/* x is its own column: y tells the shift */
	p = probe_make(&(ProbeSpec){.kind = "random_translation",
								.config = "{\"height_factor\": 0, \"width_factor\": 0.2}",
								.in = {{3, {1, 21, 1}}},
								.batch = 400},
				   NULL);
	for (int i = 0; i < 400 * 21; i++)
		p->x[0][i] = (nn_real) (i % 21);
	probe_forward(p, true);
	for (int s = 0; s < 400; s++)
	{
		double shift = 10 - (double) p->y[21 * s + 10];

		least = shift < least ? shift : least;
		most = shift > most ? shift : most;
	}
	CHECK(least >= -4.2 - 1e-4 && least < -3.9 && most <= 4.2 + 1e-4 && most > 3.9,
		  "shifts cover -0.2 to 0.2 of the width: %g to %g", least, most);
	probe_free(p);
}

static void
spatial_dropout(void)
{
	enum
	{
		SAMPLES = 300,
	};
	Probe *p = probe_make(&(ProbeSpec){.kind = "spatial_dropout2d",
									   .config = "{\"rate\": 0.25}",
									   .in = {{3, {2, 2, 3}}},
									   .batch = SAMPLES},
						  NULL);
	int dropped = 0;
	bool whole = true;

	for (int i = 0; i < SAMPLES * 12; i++)
		p->x[0][i] = 3;
	probe_forward(p, true);
	for (int s = 0; s < SAMPLES; s++)
		for (int c = 0; c < 3; c++)
		{
			const nn_real *y = p->y + s * 12 + c;

			dropped += y[0] == 0;
			for (int k = 0; k < 4; k++)
				whole = whole && y[3 * k] == y[0] && (y[0] == 0 || fabs((double) y[0] - 4) < 1e-5);
		}
	CHECK(whole, "channels are dropped as a whole, the others scaled up");
	CHECK(dropped > 175 && dropped < 275, "a quarter of them: %d of 900", dropped);
	probe_free(p);
}

static void
gradients(void)
{
	NNShape image = {3, {5, 4, 3}};

	GRADCHECK(.kind = "zero_padding2d", .config = "{\"padding\": [[1, 2], [0, 3]]}", .in = {image},
			  .batch = 5);
	GRADCHECK(.kind = "cropping2d", .config = "{\"cropping\": [[1, 2], [0, 3]]}", .in = {image},
			  .batch = 5);
	GRADCHECK(.kind = "cropping2d", .config = "{}", .in = {image}, .batch = 5);
	GRADCHECK(.kind = "upsampling2d", .config = "{\"size\": [3, 2]}", .in = {image}, .batch = 5);
	GRADCHECK(.kind = "upsampling2d",
			  .config = "{\"size\": [2, 3], \"interpolation\": \"bilinear\"}", .in = {image},
			  .batch = 5);
	GRADCHECK(.kind = "upsampling2d", .config = "{\"size\": 2, \"interpolation\": \"bilinear\"}",
			  .in = {{3, {1, 1, 2}}}, .batch = 5);
	GRADCHECK(.kind = "random_flip", .config = "{}", .in = {image}, .batch = 5);
	GRADCHECK(.kind = "random_flip", .config = "{\"mode\": \"vertical\"}", .in = {image},
			  .batch = 5);
	GRADCHECK(.kind = "random_translation",
			  .config = "{\"height_factor\": 0.4, \"width_factor\": [-0.9, 0.7]}", .in = {image},
			  .batch = 5);
	GRADCHECK(.kind = "random_translation",
			  .config = "{\"height_factor\": 1, \"width_factor\": 1,"
						"\"fill_mode\": \"wrap\"}",
			  .in = {image}, .batch = 5);
	GRADCHECK(.kind = "random_translation",
			  .config = "{\"height_factor\": 0.3, \"width_factor\": 0.3,"
						"\"fill_mode\": \"constant\", \"fill_value\": 2}",
			  .in = {image}, .batch = 5);
	GRADCHECK(.kind = "random_translation",
			  .config = "{\"height_factor\": 0.3, \"width_factor\": 0.3,"
						"\"fill_mode\": \"nearest\", \"interpolation\": \"nearest\"}",
			  .in = {image}, .batch = 5);
	GRADCHECK(.kind = "spatial_dropout2d", .config = "{\"rate\": 0.4}", .in = {image}, .batch = 5);
	GRADCHECK(.kind = "spatial_dropout2d", .config = "{\"rate\": 1}", .in = {image}, .batch = 5);
	GRADCHECK(.kind = "spatial_dropout1d", .config = "{\"rate\": 0.4}", .in = {{2, {NN_ANY, 5}}},
			  .steps = 4, .batch = 5, .mask = GRADCHECK_HOLES);
}

static void
refusals(void)
{
	NNShape image = {3, {6, 5, 4}};

	numbers_refused("cropping2d", "{\"cropping\": [[0, 0], [2, 3]]}", image,
					"cannot cut 2 + 3 columns from its input (6, 5, 4)");
	numbers_refused("cropping2d", "{\"cropping\": -1}", image, "\"cropping\"");
	numbers_refused("zero_padding2d", "{\"padding\": [1, 2, 3]}", image, "\"padding\"");
	numbers_refused("zero_padding2d", "{\"padding\": 1048576}", image, "values a sample");
	numbers_refused("upsampling2d", "{\"size\": 1048576}", image, "values a sample");
	numbers_refused("upsampling2d", "{\"size\": 0}", image, "\"size\"");
	numbers_refused("upsampling2d", "{\"interpolation\": \"cubic\"}", image, "\"interpolation\"");
	numbers_refused("random_flip", "{\"mode\": \"diagonal\"}", image, "\"mode\"");
	numbers_refused("random_translation", "{\"height_factor\": 0.1}", image,
					"\"width_factor\" is missing");
	numbers_refused("random_translation", "{\"height_factor\": 2, \"width_factor\": 0}", image,
					"\"height_factor\"");
	numbers_refused("spatial_dropout2d", "{\"rate\": 0.5}", ((NNShape){2, {6, 5}}),
					"its input must have shape (height, width, channels), not (6, 5)");
}

int
main(void)
{
	borders();
	enlarging();
	flips();
	translations();
	spatial_dropout();
	gradients();
	refusals();
	return unit_done();
}
