"""Route 53: hosted zones, records, health checks."""

import uuid

from harness import WEST, eventually, refusal, scenario

API = "https://docs.aws.amazon.com/Route53/latest/APIReference/"
VPC = {"VPCRegion": WEST, "VPCId": "vpc-0123456789abcdef0"}
OTHER_VPC = {"VPCRegion": WEST, "VPCId": "vpc-0123456789abcdef1"}
BATCH_REFUSAL = ["InvalidChangeBatch", 400]


class Zone:
    """A private zone of one scenario."""

    def __init__(self, cloud, name):
        self.route53 = cloud.client("route53")
        self.domain = f"{name}.internal"
        answer = self.route53.create_hosted_zone(Name=self.domain, CallerReference=str(uuid.uuid4()), VPC=VPC)
        self.id = answer["HostedZone"]["Id"].split("/")[-1]

    def set(self, value="east.example.", type="CNAME", label="db", **more):
        name = f"{label}.{self.domain}" if label else self.domain
        return {"Name": name, "Type": type, "TTL": 30, "ResourceRecords": [{"Value": value}], **more}

    def change(self, *changes):
        batch = {"Changes": [{"Action": action, "ResourceRecordSet": record} for action, record in changes]}
        return self.route53.change_resource_record_sets(HostedZoneId=self.id, ChangeBatch=batch)["ChangeInfo"]

    def refused(self, *changes):
        return refusal(lambda: self.change(*changes))

    def records(self, **start):
        sets = self.route53.list_resource_record_sets(HostedZoneId=self.id, **start)["ResourceRecordSets"]
        return [record for record in sets if record["Type"] not in ("NS", "SOA")]

    def health_check(self):
        config = {"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": {"Region": WEST, "Name": "failover"}, "InsufficientDataHealthStatus": "LastKnownStatus"}
        return self.route53.create_health_check(CallerReference=str(uuid.uuid4()), HealthCheckConfig=config)["HealthCheck"]


@scenario(API + "API_CreateHostedZone.html", [True, 2, [VPC], ["NS", "SOA"]])
def a_private_zone_begins_with_two_records(cloud, name):
    zone = Zone(cloud, name)
    told = zone.route53.get_hosted_zone(Id=zone.id)
    sets = zone.route53.list_resource_record_sets(HostedZoneId=zone.id)["ResourceRecordSets"]
    hosted = told["HostedZone"]
    return [hosted["Config"]["PrivateZone"], hosted["ResourceRecordSetCount"], told["VPCs"], [record["Type"] for record in sets]]


@scenario(API + "API_CreateHostedZone.html", ["HostedZoneAlreadyExists", 409])
def a_caller_reference_makes_one_zone(cloud, name):
    create = cloud.client("route53").create_hosted_zone
    create(Name=f"{name}.internal", CallerReference=name, VPC=VPC)
    return refusal(create, Name=f"{name}.internal", CallerReference=name, VPC=OTHER_VPC)


@scenario(API + "API_GetHostedZone.html", [["NoSuchHostedZone", 404]] * 2)
def a_missing_zone_is_not_found(cloud, name):
    route53 = cloud.client("route53")
    return [refusal(call, **{key: "ZNONE"}) for call, key in ((route53.get_hosted_zone, "Id"), (route53.list_resource_record_sets, "HostedZoneId"))]


@scenario(API + "API_DeleteHostedZone.html", ["HostedZoneNotEmpty", 400])
def a_zone_with_records_is_not_deleted(cloud, name):
    zone = Zone(cloud, name)
    zone.change(("CREATE", zone.set()))
    return refusal(zone.route53.delete_hosted_zone, Id=zone.id)


@scenario(API + "API_DisassociateVPCFromHostedZone.html", ["LastVPCAssociation", 400])
def a_private_zone_keeps_one_vpc(cloud, name):
    zone = Zone(cloud, name)
    return refusal(zone.route53.disassociate_vpc_from_hosted_zone, HostedZoneId=zone.id, VPC=VPC)


@scenario(API + "API_ChangeResourceRecordSets.html", [1, "west.example.", 30])
def an_upsert_retargets_a_record(cloud, name):
    zone = Zone(cloud, name)
    zone.change(("CREATE", zone.set()))
    zone.change(("UPSERT", zone.set("west.example.")))
    [record] = zone.records()
    return [len(record["ResourceRecords"]), record["ResourceRecords"][0]["Value"], record["TTL"]]


@scenario(API + "API_ChangeResourceRecordSets.html", BATCH_REFUSAL)
def a_record_is_created_once(cloud, name):
    zone = Zone(cloud, name)
    zone.change(("CREATE", zone.set()))
    return zone.refused(("CREATE", zone.set()))


@scenario(API + "API_ChangeResourceRecordSets.html", [BATCH_REFUSAL, BATCH_REFUSAL])
def a_deletion_names_what_is_there(cloud, name):
    zone = Zone(cloud, name)
    zone.change(("CREATE", zone.set()))
    return [zone.refused(("DELETE", zone.set(label="none"))), zone.refused(("DELETE", zone.set("other.example.")))]


@scenario("https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html", BATCH_REFUSAL)
def a_cname_is_not_at_the_apex(cloud, name):
    zone = Zone(cloud, name)
    return zone.refused(("CREATE", zone.set(label="")))


@scenario("https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html", BATCH_REFUSAL)
def a_cname_is_alone_at_its_name(cloud, name):
    zone = Zone(cloud, name)
    zone.change(("CREATE", zone.set()))
    return zone.refused(("CREATE", zone.set("10.0.0.1", "A")))


@scenario(API + "API_ChangeResourceRecordSets.html", [BATCH_REFUSAL, []])
def a_batch_is_atomic(cloud, name):
    zone = Zone(cloud, name)
    refused = zone.refused(("CREATE", zone.set()), ("DELETE", zone.set(label="none")))
    return [refused, zone.records()]


@scenario(API + "API_ChangeResourceRecordSets.html", ["NoSuchHostedZone", 404])
def a_change_needs_its_zone(cloud, name):
    zone = Zone(cloud, name)
    zone.id = "ZNONE"
    return zone.refused(("CREATE", zone.set()))


@scenario(API + "API_GetChange.html", ["PENDING", "INSYNC"])
def a_change_is_pending_first(cloud, name):
    zone = Zone(cloud, name)
    change = zone.change(("CREATE", zone.set()))
    later = eventually(lambda: zone.route53.get_change(Id=change["Id"])["ChangeInfo"]["Status"], lambda status: status == "INSYNC")
    return [change["Status"], later]


@scenario(API + "API_GetChange.html", ["NoSuchChange", 404])
def a_missing_change_is_not_found(cloud, name):
    return refusal(cloud.client("route53").get_change, Id="CNONE")


@scenario(API + "API_ListResourceRecordSets.html", [["a"], True, "b", ["b"]])
def records_are_listed_page_by_page(cloud, name):
    zone = Zone(cloud, name)
    zone.change(*(("CREATE", zone.set("10.0.0.1", "A", label)) for label in ("a", "b")))
    labels = lambda sets: [record["Name"].split(".")[0] for record in sets]
    first = zone.route53.list_resource_record_sets(HostedZoneId=zone.id, StartRecordName=f"a.{zone.domain}", MaxItems="1")
    rest = zone.records(StartRecordName=first["NextRecordName"], StartRecordType=first["NextRecordType"])
    return [labels(first["ResourceRecordSets"]), first["IsTruncated"], first["NextRecordName"].split(".")[0], labels(rest)]


def failover(zone, check_id, kind="PRIMARY", identifier="east", **more):
    health = {"HealthCheckId": check_id} if check_id else {}
    return zone.set(f"{identifier}.example.", SetIdentifier=identifier, Failover=kind, **health, **more)


@scenario(API + "API_ResourceRecordSet.html", [["PRIMARY", "east", True], ["SECONDARY", "west", False]])
def failover_records_share_a_name(cloud, name):
    zone = Zone(cloud, name)
    check = zone.health_check()["Id"]
    zone.change(("CREATE", failover(zone, check)), ("CREATE", failover(zone, None, "SECONDARY", "west")))
    return [[record["Failover"], record["SetIdentifier"], record.get("HealthCheckId") == check] for record in zone.records()]


@scenario(API + "API_ResourceRecordSet.html", ["InvalidInput", 400])
def a_failover_record_has_an_identifier(cloud, name):
    zone = Zone(cloud, name)
    record = failover(zone, zone.health_check()["Id"])
    del record["SetIdentifier"]
    return zone.refused(("CREATE", record))


@scenario(API + "API_ResourceRecordSet.html", BATCH_REFUSAL)
def simple_and_failover_records_do_not_mix(cloud, name):
    zone = Zone(cloud, name)
    zone.change(("CREATE", zone.set()))
    return zone.refused(("CREATE", failover(zone, zone.health_check()["Id"])))


@scenario(API + "API_UpdateHealthCheck.html", [1, "CLOUDWATCH_METRIC", 2, True, ["HealthCheckVersionMismatch", 409]])
def a_health_check_counts_its_changes(cloud, name):
    zone = Zone(cloud, name)
    made = zone.health_check()
    update = lambda **input: zone.route53.update_health_check(HealthCheckId=made["Id"], **input)
    update(Inverted=True)
    told = zone.route53.get_health_check(HealthCheckId=made["Id"])["HealthCheck"]
    config = told["HealthCheckConfig"]
    return [made["HealthCheckVersion"], config["Type"], told["HealthCheckVersion"], config["Inverted"], refusal(update, HealthCheckVersion=1)]


@scenario(API + "API_GetHealthCheck.html", [["NoSuchHealthCheck", 404]] * 2)
def a_missing_health_check_is_not_found(cloud, name):
    route53 = cloud.client("route53")
    return [refusal(call, HealthCheckId=str(uuid.uuid4())) for call in (route53.get_health_check, route53.delete_health_check)]


@scenario(API + "API_HealthCheckConfig.html", ["InvalidInput", 400])
def a_metric_health_check_names_its_alarm(cloud, name):
    create = cloud.client("route53").create_health_check
    return refusal(create, CallerReference=name, HealthCheckConfig={"Type": "CLOUDWATCH_METRIC"})
