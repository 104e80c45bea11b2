"""Deploying a model, and ceasing to pay for it: providers behind one protocol.

base         what a provider is, and the shapes it takes and gives
huggingface  Inference Endpoints on Hugging Face's cloud, by huggingface_hub's HfApi
client       HfApi for one visitor                     calls   one call, with Stop and a limit
making       nothing half-made is left                 check   a wish for an endpoint
read         what the API answers, in our shapes       errors  what it refuses, in our words
names        a name for an endpoint                    cost    what it costs, and has cost
levels       who may call one                          watch   one on its way up
menus        vendor, region, accelerator, instance: only what exists together
"""
