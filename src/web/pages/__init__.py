"""The pages, one file each: what a template is filled with. `registry` names them all."""
