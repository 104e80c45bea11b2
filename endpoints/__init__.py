"""Deploying a model, and ceasing to pay for it: providers behind one protocol.

base         what a provider is, the shapes it takes and gives, who may call an endpoint
huggingface  Inference Endpoints on Hugging Face's cloud, by huggingface_hub's HfApi
ray_serve    one's own machines, by Ray Serve
client       HfApi for one visitor
polling      a call with Stop and a limit; endpoints on their way up
creation     nothing half-made is left
validation   a wish for an endpoint: its form, its model, room for it
responses    what the API answers, in our shapes
errors       what it refuses, in our words
names        a name for an endpoint
cost         what it costs, and has cost
menus        vendor, region, accelerator, instance: only what exists together
store        what there should be, on disk
cluster      Ray, started here or elsewhere
replica      what runs on the machines
ray_process  a process to drive Ray; inside it are driver_process, driver, hub_token
ray_status   what Ray tells and raises, in our words
"""
