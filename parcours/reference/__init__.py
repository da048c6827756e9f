"""The generated reference: pages made from the registries of the code itself."""
