"""A stateful model of the domain: what the acts should answer, told a second time and compared.

The modules named after things (`work`, `money`, `flags` ...) restate the rules in plain Python: no Django,
nothing imported from the product, money in whole agorot. Hypothesis (`machine`) makes up stories; `product`
does every act of them on the real database through the real actions. Each answer, and after each accepted
act every figure, must be what the model said (docs/testing.md).
"""
