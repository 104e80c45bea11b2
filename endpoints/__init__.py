"""Deploying a model, and ceasing to pay for it: providers behind one protocol.

base         what a provider is, and the shapes it takes and gives
huggingface  Inference Endpoints on Hugging Face's cloud, by huggingface_hub's HfApi
ray_serve    one's own machines, by Ray Serve
client       HfApi for one visitor                     calls   one call, with Stop and a limit
making       nothing half-made is left                 check   a wish for an endpoint
read         what the API answers, in our shapes       errors  what it refuses, in our words
names        a name for an endpoint                    cost    what it costs, and has cost
levels       who may call one                          watch   one on its way up
cluster      Ray, started here or elsewhere            replica  what runs on the machines
ray_process  a process to drive Ray; inside it are driver_process, driver, ray_health, hub_token
definitions  what there should be, on disk             usable   whether a model can be had
room         whether a cluster has room for it         ray_errors, serve_states  Ray in our words
menus        vendor, region, accelerator, instance: only what exists together
"""
