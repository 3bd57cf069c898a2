using Conformance.Engine.Kernels;
using Conformance.Engine.Layers;
using Conformance.Engine.Losses;
using Conformance.Engine.Networks;
using Conformance.Engine.Optimizers;
using Conformance.Oracle;

namespace Conformance.Scratch;

/// <summary>
/// A LeNet of our engine with the case's sizes. It makes one step with all gradients, then returns the losses and parameters of as many steps as the
/// case asks for.
/// </summary>
internal sealed class ScratchLeNet(LayerCase layerCase, KernelChoice kernels)
{
    public LayerResult Run()
    {
        var attributes = layerCase.Attributes;
        var network = Network();
        foreach (var parameter in network.Parameters)
            parameter.Value.CopyFrom(layerCase.Input(parameter.Name).ToFloats());
        var loss = new CrossEntropyLoss(kernels: kernels);
        var sgd = new Sgd(network.Parameters, attributes.Number("lr"), attributes.Number("momentum"), kernels: kernels);
        var (input, target) = (layerCase.Input("input").ToEngine(), layerCase.Input("target").ToInts());

        var losses = new double[attributes.Int("steps")];
        var traces = network.Parameters.ToDictionary(parameter => parameter.Name, _ => new List<double>());
        var outputs = new Dictionary<string, Tensor64>();
        var gradients = new Dictionary<string, Tensor64>();
        for (var step = 0; step < losses.Length; step++)
        {
            var logits = network.Forward(input);
            losses[step] = loss.Forward(logits, target);
            var logitsGradient = loss.Backward();
            var inputGradient = network.Backward(logitsGradient);
            if (step == 0)
            {
                (outputs["logits"], outputs["loss"]) = (logits.ToTensor64(), Tensor64.Scalar(losses[0]));
                (gradients["input"], gradients["logits"]) = (inputGradient.ToTensor64(), logitsGradient.ToTensor64());
                foreach (var parameter in network.Parameters)
                    gradients[parameter.Name] = parameter.Gradient.ToTensor64();
                foreach (var layer in attributes.Flag("layers") ? Oracle.Operations.LeNetNetwork.Layers : [])
                    (outputs[layer], gradients[layer]) = (network.OutputOf(layer).ToTensor64(), network.OutputGradientOf(layer).ToTensor64());
            }
            sgd.Step();
            foreach (var parameter in network.Parameters)
                traces[parameter.Name].AddRange(parameter.Value.ToTensor64().Data);
        }
        if (losses.Length > 1)
        {
            outputs["losses"] = new([losses.Length], losses);
            foreach (var parameter in network.Parameters)
                outputs[parameter.Name] = new([losses.Length, .. parameter.Value.Shape], [.. traces[parameter.Name]]);
        }
        return new(outputs, gradients);
    }

    private Sequential Network() => new(
        ("conv1", Convolution("conv1", layerCase.Attributes.Int("padding"))),
        ("relu1", new ReLU(kernels)), ("pool1", new MaxPool2d(2, kernels: kernels)),
        ("conv2", Convolution("conv2", 0)), ("relu2", new ReLU(kernels)), ("pool2", new MaxPool2d(2, kernels: kernels)),
        ("flatten", new Flatten()),
        ("fc1", FullyConnected("fc1")), ("relu3", new ReLU(kernels)),
        ("fc2", FullyConnected("fc2")), ("relu4", new ReLU(kernels)),
        ("fc3", FullyConnected("fc3")));

    private Conv2d Convolution(string name, int padding)
    {
        var shape = layerCase.Input(name + ".weight").Shape;
        return new(shape[1], shape[0], (shape[2], shape[3]), padding: padding, kernels: kernels);
    }

    private Linear FullyConnected(string name)
    {
        var shape = layerCase.Input(name + ".weight").Shape;
        return new(shape[1], shape[0], kernels: kernels);
    }
}
