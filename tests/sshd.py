# SPDX-License-Identifier: ISC
"""A small SSH server that takes any key and runs what is asked for."""
import socket
import subprocess
import sys
import threading

import paramiko


class Server(paramiko.ServerInterface):
    def __init__(self):
        self.command = None
        self.asked = threading.Event()

    def get_allowed_auths(self, username):
        return "publickey"

    def check_auth_publickey(self, username, key):
        return paramiko.AUTH_SUCCESSFUL

    def check_channel_request(self, kind, chanid):
        return paramiko.OPEN_SUCCEEDED

    def check_channel_exec_request(self, channel, command):
        self.command = command.decode()
        self.asked.set()
        return True


def serve(connection):
    transport = paramiko.Transport(connection)
    transport.add_server_key(paramiko.RSAKey.generate(2048))
    server = Server()
    transport.start_server(server=server)
    channel = transport.accept(20)
    server.asked.wait(20)
    sent = b""
    while data := channel.recv(65536):
        sent += data
    done = subprocess.run(server.command, shell=True, input=sent, capture_output=True)
    channel.sendall(done.stdout)
    channel.send_exit_status(done.returncode)
    channel.close()
    transport.join(20)


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    threading.Thread(target=serve, args=listener.accept()[:1], daemon=True).start()
