from tests.printing.sample import understood, facts, record
from lowcode.printing.run import paper
import json
def test_x():
    t=json.load(open("/work/w-crm/examples/crm_app/printing/quotation.json"))
    plan,report=understood({"body":[{"type":"text","text":"你 {{ account }} {{ total }} {{ stage }}"},{"type":"table","rows":"items","columns":[{"number":True},{"value":"code"},{"value":"amount","format":"money"}],"totals":[{"label":"x","value":"SUM(items.amount)","format":"money","text":"{{ CNUPPER(total) }}"}]}]})
    print(report)
    print(json.dumps(paper(plan,facts(plan,record())),ensure_ascii=False,indent=1))
    print(plan.needs)
    assert 0
