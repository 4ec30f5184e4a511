/*
 * loss_outputs.c
 *	  A loss of what the last layer gives, or of what its activation was given.
 *
 * As Keras on TensorFlow, a cross-entropy goes by what a last sigmoid or softmax was given,
 * be it the one that belongs to it or the other.  from_logits says that outputs
 * themselves are to go through the activation that belongs to the loss.
 */
#include "core/losses/loss.h"

bool
nn_loss_by_logits(const NNLoss *loss, NNActivation last)
{
	const NNLossKind *kind = loss->kind;

	if (kind->fused == NN_LINEAR || (last != NN_SIGMOID && last != NN_SOFTMAX))
		return false;
	return !kind->apart || (last == kind->fused && !nn_loss_conf(loss)->from_logits);
}

bool
nn_loss_copies(const NNLoss *loss)
{
	return nn_loss_conf(loss)->from_logits;
}

static void
take_copy(NNLossPass *pass)
{
	nn_copy(pass->scratch, pass->y, pass->rows * (size_t) pass->width);
	pass->y = pass->scratch;
}

double
nn_loss_of_logits(const NNLoss *loss, const NNLossPass *pass)
{
	NNLossPass own = *pass;

	own.conf = nn_loss_conf(loss);
	own.logits = true;
	take_copy(&own);
	return loss->kind->run(&own);
}

double
nn_loss_of_outputs(const NNLoss *loss, const NNLossPass *pass)
{
	size_t width = (size_t) pass->width;
	size_t n = pass->rows * width;
	NNLossPass own = *pass;
	double sum;

	own.conf = nn_loss_conf(loss);
	own.logits = false;
	if (!own.conf->from_logits)
		return loss->kind->run(&own);
	if (loss->kind->fused != NN_LINEAR)
		return nn_loss_of_logits(loss, pass);
	/* one that knows no logits is given what becomes of them */
	take_copy(&own);
	nn_activate(loss->kind->taken, own.y, n, width);
	sum = loss->kind->run(&own);
	if (own.dy != NULL)
		nn_activate_backward(loss->kind->taken, NULL, own.y, own.dy, n, width);
	return sum;
}
