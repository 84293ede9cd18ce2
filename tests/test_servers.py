"""The servers of the tests are real, private, and forget or keep what they should."""

from __future__ import annotations

import paho.mqtt.client as mqtt
import pytest
import redis
import sqlalchemy as sa

from tests import needs, servers


def test_broker_takes_a_message_at_qos_1(mosquitto):
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="sender")
    client.connect(mosquitto.host, mosquitto.port)
    client.loop_start()
    sent = client.publish("city/in/test", b"{}", qos=1)
    sent.wait_for_publish(20)
    client.disconnect()
    client.loop_stop()
    assert sent.is_published()


def test_killed_broker_comes_back_on_its_port(mosquitto):
    port = mosquitto.port
    mosquitto.kill()
    assert not servers.listens(port)
    mosquitto.start()
    assert mosquitto.port == port and servers.listens(port)


def test_redis_is_empty_and_answers(redis_server):
    client = redis.Redis.from_url(redis_server.url)
    assert client.dbsize() == 0
    client.set("a", "b")
    assert client.get("a") == b"b"
    client.close()


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_has_an_empty_database_of_its_own(postgres_url, turn):
    engine = sa.create_engine(postgres_url, poolclass=sa.NullPool)
    with engine.begin() as conn:
        conn.execute(sa.text("create table only_once (n int)"))
        assert conn.execute(sa.text("show fsync")).scalar() == "on"
        assert conn.execute(sa.text("show synchronous_commit")).scalar() == "on"
    engine.dispose()


def test_browser_paints_korean(chromium):
    page = chromium.new_page()
    page.set_content("<p id=x>관제</p>")
    assert page.inner_text("#x") == "관제"
    page.close()


def test_a_stopped_server_leaves_nothing_behind():
    if not needs.find("redis"):
        pytest.skip("not on this machine: redis")
    server = servers.Redis()
    server.start()
    server.stop()
    assert not server.folder.exists() and not servers.listens(server.port)


def test_a_server_that_cannot_start_says_why():
    if not needs.find("mosquitto"):
        pytest.skip("not on this machine: mosquitto")
    broker = servers.Mosquitto(extra="no_such_option 1")
    with pytest.raises(servers.ServerError, match="no_such_option"):
        broker.start()
    broker.stop()
