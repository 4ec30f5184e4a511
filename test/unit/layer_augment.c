/*
 * layer_augment.c
 *	  Images resized, cropped and changed at random: numbers by hand, what is drawn,
 *	  promises, refusals.
 */
#include <stdlib.h>
#include <string.h>

#include "test/unit/gradcheck.h"
#include "test/unit/numbers.h"

/* y of one sample, in training or not. */
static void
check(const char *kind, const char *config, NNShape in, const double *x, bool training,
	  const double *y)
{
	Probe *p =
		probe_make(&(ProbeSpec){.kind = kind, .config = config, .in = {in}, .batch = 1}, NULL);
	char what[200];

	snprintf(what, sizeof(what), "%s %s", kind, config);
	numbers_set(p->x[0], x, p->in_size[0]);
	probe_forward(p, training);
	numbers_check(what, p->y, y, p->out_size, 1e-5);
	probe_free(p);
}

static void
sizes(void)
{
	static const double line[] = {0, 4, 8, 12}, square[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
	const NNShape row = nn_shape3(1, 4, 1), grid = nn_shape3(3, 3, 1);

	check("resizing", "{\"height\": 1, \"width\": 2}", row, line, false, (double[]){2, 10});
	check("resizing", "{\"height\": 1, \"width\": 2, \"interpolation\": \"nearest\"}", row, line,
		  false, (double[]){4, 12});
	check("resizing", "{\"height\": 1, \"width\": 8}", row, line, false,
		  (double[]){0, 1, 3, 5, 7, 9, 11, 12});
	check("resizing", "{\"height\": 1, \"width\": 1, \"interpolation\": \"area\"}", row, line,
		  false, (double[]){6});
	/* triangles of twice the width: weights 3, 3, 1 and 1, 3, 3, 1, of which the border cuts some */
	check("resizing", "{\"height\": 1, \"width\": 2, \"antialias\": true}", row, line, false,
		  (double[]){(4 * 3 + 8 * 1) / 7.0, (4 * 1 + 8 * 3 + 12 * 3) / 7.0});
	check("resizing",
		  "{\"height\": 3, \"width\": 3, \"pad_to_aspect_ratio\": true, \"fill_value\": -1}",
		  nn_shape3(1, 3, 1), line, false, (double[]){-1, -1, -1, 0, 4, 8, -1, -1, -1});
	check("resizing", "{\"height\": 1, \"width\": 1, \"crop_to_aspect_ratio\": true}", row, line,
		  false, (double[]){4});
	check("center_crop", "{\"height\": 1, \"width\": 2}", grid, square, true, (double[]){4, 5});
	check("center_crop", "{\"height\": 3, \"width\": 3}", grid, square, false, square);
	check("random_crop", "{\"height\": 3, \"width\": 3}", grid, square, true, square);
	/* of a smaller image what resizing makes of its middle */
	check("center_crop", "{\"height\": 4, \"width\": 2}", nn_shape3(2, 2, 1),
		  (double[]){1, 2, 3, 4}, false, (double[]){1, 1, 1.5, 1.5, 2.5, 2.5, 3, 3});
}

/* Both ends of a range the same: the draw is certain. */
static void
certain(void)
{
	static const double square[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
	const NNShape grid = nn_shape3(3, 3, 1), cell = nn_shape3(1, 1, 3), two = nn_shape3(1, 2, 1);

	check("random_rotation", "{\"factor\": [0.25, 0.25]}", grid, square, true,
		  (double[]){3, 6, 9, 2, 5, 8, 1, 4, 7});
	check("random_rotation", "{\"factor\": [0.25, 0.25]}", grid, square, false, square);
	check("random_zoom",
		  "{\"height_factor\": [1, 1], \"fill_mode\": \"constant\", \"fill_value\": 7}", grid,
		  square, true, (double[]){7, 7, 7, 7, 5, 7, 7, 7, 7});
	check("random_zoom", "{\"height_factor\": [0, 0], \"width_factor\": [-0.5, -0.5]}", grid,
		  square, true, (double[]){1.5, 2, 2.5, 4.5, 5, 5.5, 7.5, 8, 8.5});
	check("random_brightness", "{\"factor\": [0.2, 0.2]}", two, (double[]){100, 230}, true,
		  (double[]){151, 255});
	check("random_brightness", "{\"factor\": [-0.5, -0.5], \"value_range\": [1, -1]}", two,
		  (double[]){0.5, -0.5}, true, (double[]){-0.5, -1});
	check("random_contrast", "{\"factor\": [0, 0]}", two, (double[]){100, 230}, true,
		  (double[]){100, 230});
	check("random_invert", "{\"factor\": [1, 1]}", two, (double[]){100, 230}, true,
		  (double[]){155, 25});
	check("random_grayscale", "{\"factor\": 1}", cell, (double[]){100, 50, 10}, true,
		  (double[]){60.38, 60.38, 60.38});
	/* 0.5 / (1 - 0.5): nothing; 0: no color */
	check("random_saturation", "{\"factor\": [0.5, 0.5]}", cell, (double[]){100, 50, 10}, true,
		  (double[]){100, 50, 10});
	check("random_saturation", "{\"factor\": [0, 0]}", cell, (double[]){100, 50, 10}, true,
		  (double[]){100, 100, 100});
	check("random_saturation", "{\"factor\": [0.8, 0.8], \"value_range\": [0, 1]}", cell,
		  (double[]){1, 0.6, 0.2}, true, (double[]){1, 0.5, 0});
	/* half of the circle: red to cyan */
	check("random_hue", "{\"factor\": [1, 1]}", cell, (double[]){200, 0, 0}, true,
		  (double[]){0, 200, 200});
	check("random_erasing",
		  "{\"factor\": [1, 1], \"scale\": [1, 1], \"fill_value\": 9, \"value_range\": [0, 5]}",
		  grid, square, true, (double[]){5, 5, 5, 5, 5, 5, 5, 5, 5});
}

/* Of many samples, which are drawn: crops everywhere, contrast, rectangles. */
static void
drawn(void)
{
	enum
	{
		SAMPLES = 600,
	};
	Probe *p = probe_make(&(ProbeSpec){.kind = "random_crop",
									   .config = "{\"height\": 2, \"width\": 2}",
									   .in = {{3, {4, 5, 1}}},
									   .batch = SAMPLES},
						  NULL);
	int count[20] = {0}, places = 0, erased = 0, most = 0;
	bool whole = true;

	for (int i = 0; i < SAMPLES * 20; i++)
		p->x[0][i] = (nn_real) (i % 20);
	probe_forward(p, true);
	for (int s = 0; s < SAMPLES; s++)
	{
		const nn_real *y = p->y + s * 4;
		int at = (int) y[0];

		whole = whole && y[1] == y[0] + 1 && y[2] == y[0] + 5 && y[3] == y[0] + 6;
		count[at]++;
	}
	for (int i = 0; i < 20; i++)
		places += count[i] > 20 && count[i] < 90;
	CHECK(whole && places == 12, "windows of an image, each place as often: %d of 12", places);
	probe_free(p);

	p = probe_make(&(ProbeSpec){.kind = "random_erasing",
								.config = "{\"factor\": [1, 1], \"scale\": [0.25, 0.25], "
										  "\"fill_value\": 1}",
								.in = {{3, {8, 8, 2}}},
								.batch = SAMPLES},
				   NULL);
	for (int i = 0; i < SAMPLES * 128; i++)
		p->x[0][i] = 3;
	probe_forward(p, true);
	for (int s = 0; s < SAMPLES; s++)
	{
		int ones = 0;

		for (int i = 0; i < 128; i++)
			ones += p->y[s * 128 + i] == 1;
		erased += ones > 0;
		most = ones > most ? ones : most;
		whole = whole && ones == 32;
	}
	CHECK(whole && erased == SAMPLES, "rectangles of half of each side: %d cells", most / 2);
	probe_free(p);

	p = probe_make(&(ProbeSpec){.kind = "random_contrast",
								.config = "{\"factor\": 0.5}",
								.in = {{3, {1, 2, 1}}},
								.batch = SAMPLES},
				   NULL);
	for (int i = 0; i < SAMPLES * 2; i++)
		p->x[0][i] = i % 2 == 0 ? 100 : 140;
	probe_forward(p, true);
	for (int s = 0; s < SAMPLES; s++)
	{
		double factor = (double) (p->y[2 * s + 1] - p->y[2 * s]) / 40;

		whole = whole && factor >= 1 - 1e-6 && factor <= 1.5 + 1e-6;
	}
	CHECK(whole, "contrast is 1 to 1 + factor, as in Keras");
	probe_free(p);
}

static void
gradients(void)
{
	static const char *const resizings[] = {
		"\"interpolation\": \"bilinear\"",
		"\"interpolation\": \"nearest\"",
		"\"interpolation\": \"bicubic\"",
		"\"interpolation\": \"area\"",
		"\"interpolation\": \"lanczos3\"",
		"\"interpolation\": \"lanczos5\", \"antialias\": true",
		"\"interpolation\": \"bicubic\", \"antialias\": true",
		"\"antialias\": true, \"crop_to_aspect_ratio\": true",
		"\"pad_to_aspect_ratio\": true, \"fill_value\": 0.5",
	};
	static const char *const sizes_of[] = {"\"height\": 3, \"width\": 7",
										   "\"height\": 9, \"width\": 2"};
	static const char *const fills[] = {"reflect", "wrap", "nearest", "constant"};
	NNShape image = {3, {5, 4, 3}};
	char config[200];

	for (int i = 0; i < NN_ARRAY_LENGTH(resizings); i++)
		for (int k = 0; k < 2; k++)
		{
			snprintf(config, sizeof(config), "{%s, %s}", sizes_of[k], resizings[i]);
			GRADCHECK(.kind = "resizing", .config = config, .in = {image}, .batch = 5);
		}
	GRADCHECK(.kind = "upsampling2d",
			  .config = "{\"size\": [2, 3], \"interpolation\": \"bicubic\"}", .in = {image},
			  .batch = 5);
	GRADCHECK(.kind = "center_crop", .config = "{\"height\": 2, \"width\": 3}", .in = {image},
			  .batch = 5);
	GRADCHECK(.kind = "center_crop", .config = "{\"height\": 6, \"width\": 3}", .in = {image},
			  .batch = 5);
	GRADCHECK(.kind = "random_crop", .config = "{\"height\": 2, \"width\": 3}", .in = {image},
			  .batch = 5);
	GRADCHECK(.kind = "random_crop", .config = "{\"height\": 7, \"width\": 3, \"seed\": 1}",
			  .in = {image}, .batch = 5);
	for (int i = 0; i < 4; i++)
	{
		snprintf(config, sizeof(config), "{\"factor\": 0.4, \"fill_mode\": \"%s\"}", fills[i]);
		GRADCHECK(.kind = "random_rotation", .config = config, .in = {image}, .batch = 5);
		snprintf(config, sizeof(config),
				 "{\"height_factor\": [0.3, 0.9], \"width_factor\": -0.5, \"fill_mode\": \"%s\"}",
				 fills[i]);
		GRADCHECK(.kind = "random_zoom", .config = config, .in = {image}, .batch = 5);
		snprintf(config, sizeof(config),
				 "{\"x_factor\": 0.4, \"y_factor\": [0.1, 0.9], \"fill_mode\": \"%s\", "
				 "\"interpolation\": \"nearest\"}",
				 fills[i]);
		GRADCHECK(.kind = "random_shear", .config = config, .in = {image}, .batch = 5);
	}
	GRADCHECK(.kind = "random_brightness", .config = "{\"factor\": 0.3, \"value_range\": [-1, 1]}",
			  .in = {image}, .batch = 5);
	GRADCHECK(.kind = "random_contrast", .config = "{\"factor\": 0.7, \"value_range\": [-1, 2]}",
			  .in = {image}, .batch = 5);
	GRADCHECK(.kind = "random_invert", .config = "{\"value_range\": [0, 1]}", .in = {image},
			  .batch = 5);
	GRADCHECK(.kind = "random_grayscale", .config = "{}", .in = {image}, .batch = 5);
	GRADCHECK(.kind = "random_saturation", .config = "{\"factor\": [0.2, 0.9]}", .in = {image},
			  .batch = 5);
	GRADCHECK(.kind = "random_saturation",
			  .config = "{\"factor\": [0.6, 0.9], \"value_range\": [0, 1]}", .in = {image},
			  .batch = 5);
	GRADCHECK(.kind = "random_hue", .config = "{\"factor\": 1, \"value_range\": [-2, 2]}",
			  .in = {image}, .batch = 5);
	GRADCHECK(.kind = "random_erasing", .config = "{\"scale\": 0.5, \"value_range\": [-1, 1]}",
			  .in = {image}, .batch = 5);
}

static void
refusals(void)
{
	NNShape image = {3, {6, 5, 4}};

	numbers_refused("resizing", "{\"height\": 3}", image, "\"width\" is missing");
	numbers_refused("resizing", "{\"height\": 3, \"width\": 0}", image, "width");
	numbers_refused("resizing", "{\"height\": 3, \"width\": 3, \"interpolation\": \"cubic\"}",
					image, "interpolation");
	numbers_refused("resizing", "{\"height\": 3, \"width\": 3, \"fill_mode\": \"wrap\"}", image,
					"fill_mode");
	numbers_refused("resizing",
					"{\"height\": 3, \"width\": 3, \"crop_to_aspect_ratio\": true, "
					"\"pad_to_aspect_ratio\": true}",
					image, "crop_to_aspect_ratio and pad_to_aspect_ratio exclude each other");
	numbers_refused("resizing", "{\"height\": 1000000, \"width\": 1000000}", image,
					"values a sample");
	numbers_refused("center_crop", "{\"height\": 3, \"width\": 3}", nn_shape2(6, 5),
					"must have shape (height, width, channels), not (6, 5)");
	numbers_refused("random_rotation", "{\"factor\": 2}", image, "factor");
	numbers_refused("random_zoom", "{\"height_factor\": -1.5}", image, "height_factor");
	numbers_refused("random_shear", "{\"x_factor\": -0.1}", image, "x_factor");
	numbers_refused("random_brightness", "{}", image, "\"factor\" is missing");
	numbers_refused("random_brightness", "{\"factor\": 0.1, \"value_range\": 3}", image,
					"\"value_range\" must have two different numbers");
	numbers_refused("random_contrast", "{\"factor\": -0.1}", image, "factor");
	numbers_refused("random_hue", "{\"factor\": 0.1}", image,
					"its input (6, 5, 4) must have 3 channels: red, green, blue");
	numbers_refused("random_erasing", "{\"fill_value\": [1, 2, 3]}", image,
					"3 fill values do not fit its input (6, 5, 4)");
	numbers_refused("random_erasing", "{\"value_range\": 1}", image,
					"\"value_range\" must have two numbers");
}

int
main(void)
{
	sizes();
	certain();
	drawn();
	gradients();
	refusals();
	return unit_done();
}
