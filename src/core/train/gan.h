/*
 * gan.h
 *	  What the files of adversarial training share (gan_plan.c, gan.c).
 */
#ifndef NN_GAN_H
#define NN_GAN_H

#include "core/nn_gan.h"
#include "core/train/update.h"

/*
 * What the discriminator is told: real rows are REAL (less smoothing), those
 * of the generator FAKE.  In between lies what counts as a hit.
 */
#define NN_GAN_REAL 1
#define NN_GAN_FAKE 0

/* Each kind of row has a pass of the discriminator's update. */
#define NN_GAN_PASSES 2

/* By how much the mean over real and generated rows together is multiplied. */
extern double nn_gan_loss_weight(NNGanLoss loss);

#endif /* NN_GAN_H */
